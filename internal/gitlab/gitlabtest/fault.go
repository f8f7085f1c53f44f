package gitlabtest

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// FaultKind is a way in which a server, or what stands before it, lets its caller down.
type FaultKind int

// The faults there are.
const (
	BadGateway      FaultKind = iota // 502 with an HTML page, and nothing done
	BadGatewayAfter                  // 502 with an HTML page after it was done
	LostAnswer                       // the connection is cut after it was done
	Cut                              // the connection is cut, and nothing done
	HalfAnswer                       // done, and the connection cut in the middle of the answer
	Throttled                        // 429 of the rate limits, with Retry-After
	TooManyRequests                  // 429 of the application's own limits, without
	LoginPage                        // 200 with an HTML page
	Without                          // done, and answered without the Fields
	Lowering                         // done, and answered with headers of a low rate limit
)

// Fault lies in the way of calls of a route.
type Fault struct {
	Kind          FaultKind
	Method, Route string // as in Call; empty for any
	Skip          int    // so many calls go through first
	Times         int    // 0 is once, -1 for ever
	RetryAfter    int    // seconds, of Throttled
	Fields        []string
}

// Inject lays a fault in the way.
func (s *Server) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults = append(s.faults, &f)
}

// Heal takes away all faults that are left.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// faultFor gives the fault that strikes a call. The caller holds the lock.
func (s *Server) faultFor(method, route string) *Fault {
	for _, f := range s.faults {
		if f.Method != "" && f.Method != method || f.Route != "" && f.Route != route || f.Times == 0 {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		return f
	}
	return nil
}

const gatewayPage = "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1>Whoops, GitLab is taking too much time to respond.</body></html>"

// before strikes before anything is done; false lets the call go on.
func (f *Fault) before(w http.ResponseWriter) bool {
	switch f.Kind {
	case BadGateway:
		page(w, http.StatusBadGateway, gatewayPage)
	case LoginPage:
		page(w, http.StatusOK, "<!DOCTYPE html><html><title>Sign in</title></html>")
	case Cut:
		panic(http.ErrAbortHandler)
	case Throttled:
		h := w.Header()
		h.Set("Content-Type", "text/plain")
		h.Set("RateLimit-Limit", "60")
		h.Set("RateLimit-Name", "throttle_authenticated_api")
		h.Set("RateLimit-Observed", "61")
		h.Set("RateLimit-Remaining", "0")
		h.Set("Retry-After", strconv.Itoa(f.RetryAfter))
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = fmt.Fprintln(w, "Retry later")
	case TooManyRequests:
		send(w, refuse(http.StatusTooManyRequests, object{"error": "This endpoint has been requested too many times. Try again later."}))
	default:
		return false
	}
	return true
}

// after strikes when it is done; false lets the answer go out.
func (f *Fault) after(w http.ResponseWriter, a answer) bool {
	switch f.Kind {
	case BadGatewayAfter:
		page(w, http.StatusBadGateway, gatewayPage)
	case LostAnswer:
		panic(http.ErrAbortHandler)
	case HalfAnswer:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "1000")
		w.WriteHeader(a.status)
		_, _ = fmt.Fprint(w, `{"id": 1, "iid"`)
		_ = http.NewResponseController(w).Flush() // else the caller would see no answer at all
		panic(http.ErrAbortHandler)
	case Without:
		send(w, answer{status: a.status, header: a.header, body: without(a.body, f.Fields)})
	case Lowering:
		w.Header().Set("RateLimit-Limit", "60")
		send(w, a)
	default:
		return false
	}
	return true
}

func page(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = fmt.Fprint(w, text)
}

// without gives an answer that lacks fields, at any depth.
func without(body any, fields []string) any {
	switch b := body.(type) {
	case object:
		left := object{}
		for name, value := range b {
			left[name] = without(value, fields)
		}
		for _, f := range fields {
			delete(left, f)
		}
		return left
	case []any:
		left := make([]any, len(b))
		for i, value := range b {
			left[i] = without(value, fields)
		}
		return left
	}
	return body
}

// window is how often a token asked in the hour that began then.
type window struct {
	began time.Time
	n     int
}

// limited counts a request against the rate limit. The answer has a status when there were too many.
func (s *Server) limited(r *http.Request) (answer, http.Header) {
	limit := s.opts.RequestsPerHour
	if limit == 0 {
		return answer{}, nil
	}
	who := r.Header.Get("PRIVATE-TOKEN") + r.Header.Get("Authorization")
	w := s.windows[who]
	if w == nil || s.now().Sub(w.began) >= time.Hour {
		w = &window{began: s.now().Truncate(time.Hour)}
		s.windows[who] = w
	}
	w.n++
	reset := w.began.Add(time.Hour)
	h := http.Header{}
	// These names are written as GitLab writes them, not as net/http would.
	h["RateLimit-Limit"] = []string{strconv.Itoa(limit)}
	h["RateLimit-Name"] = []string{"throttle_authenticated_api"}
	h["RateLimit-Observed"] = []string{strconv.Itoa(w.n)}
	h["RateLimit-Remaining"] = []string{strconv.Itoa(max(limit-w.n, 0))}
	h["RateLimit-Reset"] = []string{strconv.FormatInt(reset.Unix(), 10)}
	if w.n <= limit {
		return answer{}, h
	}
	h["RateLimit-ResetTime"] = []string{reset.Format(http.TimeFormat)}
	h["Retry-After"] = []string{strconv.Itoa(int(reset.Sub(s.now()).Seconds()) + 1)}
	return answer{status: http.StatusTooManyRequests, body: plain("Retry later\n")}, h
}

// plain is a body that is text and no JSON.
type plain string
