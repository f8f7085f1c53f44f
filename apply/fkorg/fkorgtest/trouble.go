package fkorgtest

import (
	"fmt"
	"net/http"
	"time"
)

// Trouble is what goes wrong with one call. The zero value: nothing. Catalogue has the usual ones under names.
type Trouble struct {
	Latency time.Duration // it is answered no sooner than this after it arrived; the server's own work is part of it

	DropBefore bool          // the connection is cut and nothing was done
	HangBefore bool          // nothing was done, and no answer comes before the caller gives up
	HTTPStatus int           // answered with this status and a page of HTML; nothing was done
	Status     int           // answered with this StatusKode; nothing was done
	Message    string        // beside Status
	Behind     time.Duration // the server's clock is that much behind in this call

	DropAfter bool          // it was done, and the connection is cut before the answer
	HangAfter bool          // it was done, and no answer comes before the caller gives up
	CutAnswer bool          // it was done, and the connection is cut in the middle of the answer
	Truncated bool          // it was done, and the answer's XML ends in the middle although HTTP says that it is whole
	Pieces    int           // the answer comes in so many pieces
	Pause     time.Duration // between two pieces

	Forgery Forgery // what is wrong with the security of the answer

	DoubleITSystems bool // relations to IT systems come twice in what is read

	// before is done to the objects that the call names, before it.
	before func(m *Municipality, service string, uuids []string)
}

// prevents reports whether the call is not carried out at all.
func (t Trouble) prevents() bool { return t.DropBefore || t.HangBefore || t.HTTPStatus != 0 }

// deliver answers, as far as trouble lets it.
func (t Trouble) deliver(w http.ResponseWriter, r *http.Request, answer []byte) {
	switch {
	case t.DropBefore || t.DropAfter:
		panic(http.ErrAbortHandler) // the documented way to cut a connection
	case t.HangBefore || t.HangAfter:
		<-r.Context().Done()
		return
	case t.HTTPStatus != 0:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(t.HTTPStatus)
		fmt.Fprintf(w, "<html><head><title>%d</title></head><body><h1>%s</h1><hr>gateway</body></html>", t.HTTPStatus, http.StatusText(t.HTTPStatus))
		return
	}
	w.Header().Set("Content-Type", "application/soap+xml; charset=utf-8")
	if t.Truncated {
		answer = answer[:len(answer)*2/3]
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(answer)))
	if t.CutAnswer {
		answer = answer[:len(answer)/2]
	}
	t.send(w, r, answer)
	if t.CutAnswer {
		panic(http.ErrAbortHandler)
	}
}

// send writes the answer in its pieces. One that cannot be delivered has nobody to tell.
func (t Trouble) send(w http.ResponseWriter, r *http.Request, answer []byte) {
	pieces := max(t.Pieces, 1)
	size := len(answer)/pieces + 1
	for len(answer) > 0 {
		k := min(size, len(answer))
		if _, err := w.Write(answer[:k]); err != nil {
			return
		}
		if answer = answer[k:]; pieces > 1 || t.CutAnswer {
			_ = http.NewResponseController(w).Flush()
		}
		if len(answer) > 0 && !waitUntil(r.Context(), time.Now().Add(t.Pause)) {
			return
		}
	}
}

// SetTrouble asks f before every call what shall go wrong with it; nil ends it. f may inspect and edit the server, and is
// called by several goroutines at once when there are several callers. Troubles makes such functions.
func (s *Server) SetTrouble(f func(Call) Trouble) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = f
}

func (s *Server) troubleFor(c Call) Trouble {
	s.mu.Lock()
	f := s.trouble
	s.mu.Unlock()
	if f == nil {
		return Trouble{}
	}
	return f(c)
}
