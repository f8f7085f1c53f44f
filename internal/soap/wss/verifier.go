package wss

import (
	"crypto/x509"
	"fmt"
	"maps"
	"sync"
	"time"

	"orgit.dk/orgit/internal/soap"
)

// Verifier proves answers. It is safe for concurrent use.
type Verifier struct {
	Certificates []*x509.Certificate // the sender signs with one of them
	Now          func() time.Time
	Skew         time.Duration // DefaultSkew when 0
	// Replays remembers the MessageIDs of answers. Without it an answer needs none: the token service's have none.
	Replays *Replays
}

// Verify takes an answer apart and proves it: signature, certificate, body, headers, time, and that it answers the
// request. A fault is given as it is, with nothing proven.
func (v *Verifier) Verify(answer []byte, request soap.IDs) (soap.Message, error) {
	e, err := openEnvelope(answer)
	if err != nil {
		return soap.Message{}, err
	}
	if len(e.body.All(soap.NamespaceEnvelope, "Fault")) > 0 {
		return soap.FromTree(e.document.Root.Tree(), answer)
	}
	if err := v.prove(e, request); err != nil {
		return soap.Message{}, fmt.Errorf("%w: %w", ErrUnproven, err)
	}
	return soap.FromTree(e.document.Root.Tree(), answer)
}

func (v *Verifier) prove(e envelope, request soap.IDs) error {
	skew, now := v.Skew, v.Now()
	if skew == 0 {
		skew = DefaultSkew
	}
	p, err := e.prove(Configured(v.Certificates, now), now, skew)
	if err != nil {
		return err
	}
	text := map[string]string{}
	for _, local := range []string{"Action", "MessageID", "To", "RelatesTo"} {
		h, err := p.Header(soap.NamespaceAddressing, local)
		if err != nil {
			return err
		}
		text[local] = h.Text()
	}
	switch {
	case text["RelatesTo"] == "" || text["RelatesTo"] != request.Message:
		return fmt.Errorf("%w: %q", soap.ErrWrongAnswer, text["RelatesTo"])
	case v.Replays == nil:
		return nil
	case text["MessageID"] == "":
		return fmt.Errorf("it has no MessageID")
	case v.Replays.Seen(text["MessageID"], now, p.Expires.Add(skew)):
		return fmt.Errorf("its MessageID was seen before")
	}
	return nil
}

// Replays remembers MessageIDs as long as their messages could be sent again. It is safe for concurrent use.
type Replays struct {
	mu    sync.Mutex
	until map[string]time.Time
	swept time.Time
}

// NewReplays makes an empty memory.
func NewReplays() *Replays { return &Replays{until: map[string]time.Time{}} }

// Seen tells whether an identifier was given before, and remembers it until a time.
func (r *Replays) Seen(id string, now, until time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Sub(r.swept) > time.Minute {
		maps.DeleteFunc(r.until, func(_ string, u time.Time) bool { return u.Before(now) })
		r.swept = now
	}
	_, seen := r.until[id]
	r.until[id] = until
	return seen
}
