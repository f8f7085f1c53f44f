package soap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// counter makes UUIDs that a test can foretell.
func counter() func() string {
	var n atomic.Int64
	return func() string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n.Add(1)) }
}

const action = "http://kombit.dk/sts/organisation/adresse/laes"

func answer(relatesTo, body string) string {
	return `<?xml version="1.0"?><e:Envelope xmlns:e="` + NamespaceEnvelope + `" xmlns:w="` + NamespaceAddressing + `" xmlns:out="urn:out"><e:Header>` +
		`<w:RelatesTo>` + relatesTo + `</w:RelatesTo></e:Header><e:Body>` + body + `</e:Body></e:Envelope>`
}

const firstMessage = "urn:uuid:00000000-0000-4000-8000-000000000001"

func TestCallSendsHeadersInOrder(t *testing.T) {
	var got, contentType string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got, contentType = string(b), r.Header.Get("Content-Type")
		fmt.Fprint(w, answer(firstMessage, `<out:LaesOutput>ø</out:LaesOutput>`))
	}))
	defer srv.Close()
	c := &Client{HTTP: srv.Client(), NewUUID: counter()}
	content, err := c.Call(context.Background(), Request{URL: srv.URL + "/adresse/6/", Action: action, Body: []byte(`<x xmlns="urn:x"></x>`)})
	if err != nil {
		t.Fatal(err)
	}
	want := `<s:Envelope xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>` +
		`<a:Action s:mustUnderstand="1">` + action + `</a:Action>` +
		`<h:RequestHeader xmlns:h="http://kombit.dk/xml/schemas/RequestHeader/1/"><h:TransactionUUID>00000000-0000-4000-8000-000000000002</h:TransactionUUID></h:RequestHeader>` +
		`<a:MessageID>` + firstMessage + `</a:MessageID>` +
		`<a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo>` +
		`<a:To s:mustUnderstand="1">` + srv.URL + `/adresse/6/</a:To></s:Header><s:Body><x xmlns="urn:x"></x></s:Body></s:Envelope>`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("envelope (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(`application/soap+xml; charset=utf-8; action="`+action+`"`, contentType); diff != "" {
		t.Error(diff)
	}
	if !content.Is("urn:out", "LaesOutput") || content.Content() != "ø" {
		t.Errorf("content %v", content)
	}
}

func TestCallFailures(t *testing.T) {
	fault := func(code string) string {
		return answer("", `<e:Fault><e:Code><e:Value>e:`+code+`</e:Value><e:Subcode><e:Value>x:q</e:Value></e:Subcode></e:Code>`+
			`<e:Reason><e:Text xml:lang="da">forkert</e:Text></e:Reason></e:Fault>`)
	}
	tests := []struct {
		name    string
		status  int
		body    string
		outcome Outcome
		text    string
	}{
		{"fault that blames us", 500, fault("Sender"), Refused, "SOAP fault Sender/x:q: forkert"},
		{"fault that blames itself", 500, fault("Receiver"), Unknown, "SOAP fault Receiver/x:q: forkert"},
		{"fault with HTTP 200", 200, fault("Sender"), Refused, "SOAP fault Sender"},
		{"gateway page", 502, "<html><body>Bad Gateway<br></body></html>", Unknown, "answered 502 Bad Gateway"},
		{"login page", 200, "<html><body>Log ind</body></html>", Unknown, "not a SOAP 1.2 envelope"},
		{"forbidden", 403, "no", Refused, "answered 403 Forbidden"},
		{"too many calls", 429, "slow down", Unknown, "answered 429 Too Many Requests"},
		{"timeout at a gateway", 408, "", Unknown, "answered 408 Request Timeout"},
		{"redirect is not followed", 302, "", Refused, "answered 302 Found"},
		{"another message's answer", 200, answer("urn:uuid:other", "<x/>"), Unknown, "relates to another message"},
		{"empty body", 200, answer(firstMessage, ""), Unknown, "empty body"},
		{"cut off", 200, answer(firstMessage, "<x/>")[:200], Unknown, "not a SOAP 1.2 envelope"},
		{"entities", 200, `<!DOCTYPE x [<!ENTITY y "z">]>` + strings.TrimPrefix(answer(firstMessage, "<x>&y;</x>"), `<?xml version="1.0"?>`), Unknown, "document type declarations"},
		{"too large", 200, answer(firstMessage, "<x>"+strings.Repeat("y", 5000)+"</x>"), Unknown, "larger than the limit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(tt.status)
				fmt.Fprint(w, tt.body)
			}))
			defer srv.Close()
			c := &Client{HTTP: srv.Client(), NewUUID: counter(), MaxAnswer: 4000}
			_, err := c.Call(context.Background(), Request{URL: srv.URL, Action: action})
			if err == nil {
				t.Fatal("no error")
			}
			if got := OutcomeOf(err); got != tt.outcome {
				t.Errorf("outcome %v, want %v", got, tt.outcome)
			}
			if !strings.Contains(err.Error(), tt.text) || !strings.Contains(err.Error(), firstMessage) {
				t.Errorf("error %q lacks %q or the message id", err, tt.text)
			}
		})
	}
}

func TestCallWithoutAnswer(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }))
	c := &Client{HTTP: srv.Client(), NewUUID: counter()}
	_, err := c.Call(context.Background(), Request{URL: srv.URL, Action: action})
	if got := OutcomeOf(err); err == nil || got != Unknown {
		t.Errorf("dropped connection: %v, %v", got, err)
	}
	srv.Close()
	_, err = c.Call(context.Background(), Request{URL: srv.URL, Action: action})
	if got := OutcomeOf(err); err == nil || got != NotSent {
		t.Errorf("nobody listens: %v, %v", got, err)
	}
}

func TestCallHonoursContext(t *testing.T) {
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-release }))
	defer srv.Close()
	defer close(release)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	c := &Client{HTTP: srv.Client(), NewUUID: counter()}
	_, err := c.Call(ctx, Request{URL: srv.URL, Action: action})
	if !errors.Is(err, context.DeadlineExceeded) || OutcomeOf(err) != Unknown {
		t.Errorf("got %v", err)
	}
}

func TestOpenReadsOwnEnvelope(t *testing.T) {
	ids := IDs{Message: "urn:uuid:m", Transaction: "t"}
	got, err := Open(Envelope(Request{URL: "http://x/?a=1&b=2", Action: action, Body: []byte(`<y/>`)}, ids))
	if err != nil {
		t.Fatal(err)
	}
	body := `<y xmlns:a="` + NamespaceAddressing + `" xmlns:s="` + NamespaceEnvelope + `"/>`
	want := Message{Action: action, MessageID: "urn:uuid:m", To: "http://x/?a=1&b=2", Transaction: "t", Content: xmltree.Element("", "y")}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Message{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	cut, err := got.Body()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(body, string(cut)); diff != "" {
		t.Errorf("body (-want +got)\n%s", diff)
	}
}

// TestOpenRefusesUndeclaredPrefix: such a body would mean something else in another envelope.
func TestOpenRefusesUndeclaredPrefix(t *testing.T) {
	for _, body := range []string{`<out:x></out:x>`, `<x out:a=""></x>`, `<out:x a:0=""></out:x>`} {
		in := `<e:Envelope xmlns:e="` + NamespaceEnvelope + `"><e:Body>` + body + `</e:Body></e:Envelope>`
		if m, err := Open([]byte(in)); !errors.Is(err, ErrNotSOAP) {
			t.Errorf("%s: opened as %v, %v", body, m.Content, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(answer(firstMessage, `<out:x xmlns:out="urn:other" a="b"><y/></out:x>`))
	f.Add(string(Envelope(Request{URL: "u", Action: "a", Body: []byte("<z/>")}, IDs{})))
	f.Add(`<Envelope xmlns="` + NamespaceEnvelope + `"><Body><Fault/></Body></Envelope>`)
	// A prefix that nobody declares, in a body that would mean something else in another envelope: refused.
	f.Add(`<e:Envelope xmlns:e="` + NamespaceEnvelope + `"><e:Body><out:x a:0=""></out:x></e:Body></e:Envelope>`)
	f.Fuzz(func(t *testing.T, in string) {
		m, err := Open([]byte(in))
		if err != nil || m.Content == nil {
			return
		}
		body, err := m.Body()
		if err != nil || body == nil {
			t.Fatalf("the content cannot be cut out: %v\n%s", err, in)
		}
		again, err := Open(Envelope(Request{Body: body}, IDs{}))
		if err != nil {
			t.Fatalf("the body that was cut out cannot be sent on: %v\n%s", err, body)
		}
		if diff := cmp.Diff(m.Content, again.Content); diff != "" {
			t.Errorf("the content has changed:\n%s", diff)
		}
	})
}

// tokens is a security whose tokens are numbered; it marks envelopes instead of signing them.
type tokens struct {
	mu      sync.Mutex
	current int
	dropped []string
	verify  func([]byte, IDs) (Message, error)
	fail    error
}

func (s *tokens) Secure(_ context.Context, envelope []byte) (Secured, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := fmt.Sprint("token ", s.current)
	return Secured{Envelope: append(envelope, "<!-- "+token+" -->"...), Token: token}, s.fail
}

func (s *tokens) Verify(answer []byte, request IDs) (Message, error) {
	return s.verify(answer, request)
}

func (s *tokens) Drop(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current++
	s.dropped = append(s.dropped, token)
}

func TestCallWithSecurity(t *testing.T) {
	fault := func(subcode string) string {
		return answer("", `<e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>wsse:`+subcode+`</e:Value></e:Subcode></e:Code>`+
			`<e:Reason><e:Text xml:lang="en">token</e:Text></e:Reason></e:Fault>`)
	}
	errForged := errors.New("not proven")
	believe := func(data []byte, _ IDs) (Message, error) { return Open(data) }
	doubt := func(data []byte, _ IDs) (Message, error) { return Message{}, errForged }
	tests := []struct {
		name    string
		answer  func(request string) string
		verify  func([]byte, IDs) (Message, error)
		fail    error
		text    string // of the error; "" when there is none
		outcome Outcome
		calls   int
		dropped []string
	}{
		{"good", func(string) string { return answer("", "<x/>") }, believe, nil, "", 0, 1, nil},
		{"not proven", func(string) string { return answer("", "<x/>") }, doubt, nil, "not proven", Unknown, 1, nil},
		{"no token", nil, believe, errors.New("no agreement"), "no agreement", NotSent, 0, nil},
		{"token refused once", func(r string) string {
			if strings.Contains(r, "token 0") {
				return fault("InvalidSecurityToken")
			}
			return answer("", "<x/>")
		}, believe, nil, "", 0, 2, []string{"token 0"}},
		{"token refused always", func(string) string { return fault("FailedAuthentication") }, believe, nil, "FailedAuthentication: token", Refused, 2, []string{"token 0"}},
		{"another fault", func(string) string { return fault("Other") }, believe, nil, "Other", Refused, 1, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			calls := 0
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				calls++
				b, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				out := tt.answer(string(b))
				if strings.Contains(out, "Fault") {
					w.WriteHeader(http.StatusInternalServerError)
				}
				fmt.Fprint(w, out)
			}))
			defer srv.Close()
			s := &tokens{verify: tt.verify, fail: tt.fail}
			c := &Client{HTTP: srv.Client(), NewUUID: counter(), Security: s}
			content, err := c.Call(context.Background(), Request{URL: srv.URL, Action: action})
			if tt.text == "" && (err != nil || content == nil) || tt.text != "" && (err == nil || content != nil || !strings.Contains(err.Error(), tt.text) || OutcomeOf(err) != tt.outcome) {
				t.Errorf("content %v, error %v", content, err)
			}
			if calls != tt.calls || !cmp.Equal(tt.dropped, s.dropped) {
				t.Errorf("%d calls, dropped %v", calls, s.dropped)
			}
		})
	}
}

func TestFaultAboutSecurity(t *testing.T) {
	for f, want := range map[Fault]bool{
		{Code: "Sender", Subcode: "wsse:InvalidSecurityToken"}: true, {Code: "Receiver", Subcode: "ns1:SecurityError"}: true,
		{Code: "Sender", Subcode: "InvalidSecurity"}: true, {Code: "Sender", Subcode: "x:Security"}: false, {Code: "Receiver"}: false,
	} {
		if f.Security() != want {
			t.Errorf("%+v", f)
		}
		if want && f.outcome() != Refused {
			t.Errorf("%+v: %v", f, f.outcome())
		}
	}
}

// TestRoomsBoundAnswers: reading an answer does not hold up the next call, and only so many answers wait to be read.
func TestRoomsBoundAnswers(t *testing.T) {
	arrived := make(chan struct{}, 10)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		arrived <- struct{}{}
		fmt.Fprint(w, answer("", "<x/>"))
	}))
	defer srv.Close()
	read := make(chan struct{})
	s := &tokens{verify: func(data []byte, _ IDs) (Message, error) {
		<-read
		return Open(data)
	}}
	c := &Client{HTTP: srv.Client(), NewUUID: counter(), Security: s, Slots: make(chan struct{}, 1), Rooms: make(chan struct{}, 2)}
	var calls sync.WaitGroup
	for range 3 {
		calls.Go(func() {
			if _, err := c.Call(context.Background(), Request{URL: srv.URL, Action: action}); err != nil {
				t.Error(err)
			}
		})
	}
	<-arrived
	<-arrived // although the answer to the first is not read yet
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := c.Call(ctx, Request{URL: srv.URL, Action: action}); OutcomeOf(err) != NotSent || !errors.Is(err, context.Canceled) {
		t.Errorf("no room: %v", err)
	}
	if len(c.Rooms) != 2 || len(arrived) != 0 {
		t.Errorf("%d exchanges are on hand, and %d more calls have arrived", len(c.Rooms), len(arrived))
	}
	close(read)
	calls.Wait()
}
