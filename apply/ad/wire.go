package ad

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"sync"
)

// wire is a connection as the library sees it. The library needs long for each entry of an
// answer, and only when it has come to the end of a page can the next one be asked for. So the
// wire can keep the entries of one search back: the library then sees at once how the page
// ends, and everything else that is said (references, errors, the cookie) as ever. What is kept
// is whole when the library has seen the end, since the end comes last.
type wire struct {
	net.Conn
	in   *bufio.Reader
	left int // bytes of the message that the library is reading; used by Read alone

	mu     sync.Mutex
	search *keptSearch // nil: the library gets everything
}

// keptSearch is a search whose entries are kept back.
type keptSearch struct {
	id      int64    // of its messages; 0: it has not been sent yet
	entries [][]byte // whole messages, in the order in which they came
}

// maxMessage bounds a message in bytes. An entry holds what was asked for, at most some 100 kB for
// each attribute.
const maxMessage = 64 << 20

// newWire reads from a connection in pieces of the size of four TLS records.
func newWire(conn net.Conn) *wire {
	return &wire{Conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}
}

// keep has the entries of the next search that is sent kept back, until kept is called.
func (w *wire) keep() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.search = &keptSearch{}
}

// kept ends what keep began, and gives the messages of the entries that have come.
func (w *wire) kept() [][]byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	entries := w.search.entries
	w.search = nil
	return entries
}

// Write sends one message of the library, which gives each of them whole.
func (w *wire) Write(message []byte) (int, error) {
	if header, _, err := elementHeader(message); err == nil {
		if id, op, err := messageHead(message[header:]); err == nil && op == tagSearchRequest {
			w.mu.Lock()
			if w.search != nil && w.search.id == 0 {
				w.search.id = id
			}
			w.mu.Unlock()
		}
	}
	return w.Conn.Write(message)
}

// Read gives the messages that are not kept back. It ends at the end of a message.
func (w *wire) Read(p []byte) (int, error) {
	for w.left == 0 {
		if err := w.next(); err != nil {
			return 0, err
		}
	}
	n, err := w.in.Read(p[:min(len(p), w.left)])
	w.left -= n
	return n, err
}

// next looks at the next message, and keeps it or leaves it to the library.
func (w *wire) next() error {
	header, length, err := w.header()
	if err != nil {
		return err
	}
	head, err := w.in.Peek(header + min(length, maxMessageHead))
	if err != nil {
		return unexpectedEOF(err)
	}
	id, op, err := messageHead(head[header:])
	if err != nil {
		return err
	}
	search := w.keeping(id)
	if op != tagEntry || search == nil {
		w.left = header + length
		return nil
	}
	message := make([]byte, header+length)
	if _, err := io.ReadFull(w.in, message); err != nil {
		return unexpectedEOF(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	search.entries = append(search.entries, message)
	return nil
}

// keeping is the search with an ID when its entries are kept back, otherwise nil.
func (w *wire) keeping(id int64) *keptSearch {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.search == nil || w.search.id != id {
		return nil
	}
	return w.search
}

// header reads how long the next message is, and waits for no byte that may not come.
func (w *wire) header() (header, length int, err error) {
	head, err := w.in.Peek(2)
	if len(head) == 0 {
		return 0, 0, err // between two messages, where a connection may end
	}
	if err == nil {
		head, err = w.in.Peek(2 + lengthBytes(head[1]))
	}
	if err != nil {
		return 0, 0, unexpectedEOF(err)
	}
	if header, length, err = elementHeader(head); err != nil {
		return 0, 0, err
	}
	if head[0] != tagSequence || length > maxMessage {
		return 0, 0, fmt.Errorf("%w: a message begins with the byte %#x and has %d bytes", errNotLDAP, head[0], length)
	}
	return header, length, nil
}

func unexpectedEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
