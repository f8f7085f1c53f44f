package sd_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"orgit.dk/orgit/org/source/sd"
)

const password = "hemmeligt-kodeord"

// service starts a stand-in for SD's services and gives what asks it, at an hour of the day in
// winter.
func service(t *testing.T, hour int, handler http.HandlerFunc) *sd.Service {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	s, err := sd.Connect(sd.Login{
		Address: server.URL + "/sdws", User: "sytest", Password: password, Wait: time.Millisecond, HTTP: server.Client().Transport,
		Now: func() time.Time { return time.Date(2026, 12, 1, hour-1, 30, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ask(s *sd.Service) (string, error) {
	body, err := s.Ask(context.Background(), "GetInstitution20111201", url.Values{"InstitutionIdentifier": {"TA"}, "UUIDIndicator": {"true"}})
	if err != nil {
		return "", err
	}
	defer body.Close() //nolint:errcheck // it is only read
	text, err := io.ReadAll(body)
	return string(text), err
}

func TestServiceAsks(t *testing.T) {
	s := service(t, 12, func(w http.ResponseWriter, r *http.Request) {
		user, given, _ := r.BasicAuth()
		fmt.Fprintf(w, "%s %s %s %v", r.Method, r.URL, user, given == password)
	})
	got, err := ask(s)
	if want := "GET /sdws/GetInstitution20111201?InstitutionIdentifier=TA&UUIDIndicator=true sytest true"; got != want || err != nil {
		t.Errorf("got %s (%v)", got, err)
	}
}

func TestServiceAsksAgain(t *testing.T) {
	tries := 0
	s := service(t, 12, func(w http.ResponseWriter, r *http.Request) {
		if tries++; tries < 3 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		io.WriteString(w, "<ok/>") //nolint:errcheck // the test sees what comes
	})
	if got, err := ask(s); got != "<ok/>" || err != nil || tries != 3 {
		t.Errorf("got %s (%v) after %d tries", got, err, tries)
	}
}

func TestServiceRefuses(t *testing.T) {
	fault := `<Envelope><Body><Fault><faultcode>Server</faultcode><faultstring>The person 010101-1234 does not exist</faultstring></Fault></Body></Envelope>`
	tests := []struct {
		name   string
		hour   int
		status int
		body   string
		want   string
		tries  int
	}{
		{"a wrong password", 12, 401, "", "SD refuses the login (401 Unauthorized)", 1},
		{"a service that is not open", 12, 403, "", "is the user open for GetInstitution20111201?", 1},
		{"a wrong address", 12, 404, "", "is the address right?", 1},
		{"another place", 12, 302, "", "SD answers 302 Found", 1},
		{"trouble", 12, 503, "", "SD answers 503 Service Unavailable", 4},
		{"trouble at night", 23, 503, "", "SD answers from 6 to 22 o'clock", 4},
		{"trouble early", 5, 503, "", "SD answers from 6 to 22 o'clock", 4},
		{"a fault", 12, 500, fault, "SD answers GetInstitution20111201 with a fault: The person XXXXXX-XXXX does not exist (Server)", 4},
		{"a page", 12, 400, "<html></html>", "SD answers 400 Bad Request", 1},
	}
	for _, test := range tests {
		tries := 0
		s := service(t, test.hour, func(w http.ResponseWriter, r *http.Request) {
			tries++
			w.Header().Set("Location", "https://elsewhere.example/")
			w.Header().Set("Retry-After", "3600") // which is too long to wait
			w.WriteHeader(test.status)
			io.WriteString(w, test.body) //nolint:errcheck // the test sees what comes
		})
		_, err := ask(s)
		if err == nil || !strings.Contains(err.Error(), test.want) || tries != test.tries {
			t.Errorf("%s: after %d tries: %v", test.name, tries, err)
		} else if strings.Contains(err.Error(), password) || strings.Contains(err.Error(), "elsewhere") || strings.Contains(err.Error(), "InstitutionIdentifier=") {
			t.Errorf("%s: the error shows too much: %v", test.name, err)
		}
		if denied := test.status == http.StatusUnauthorized || test.status == http.StatusForbidden; errors.Is(err, sd.ErrDenied) != denied {
			t.Errorf("%s: that it is a login refused: %v, want %v", test.name, !denied, denied)
		}
		if gone := test.status == http.StatusServiceUnavailable; errors.Is(err, sd.ErrUnreachable) != gone {
			t.Errorf("%s: that SD cannot be read now: %v, want %v", test.name, !gone, gone)
		}
	}
}

func TestServiceIsNotThere(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	server.Close()
	s, err := sd.Connect(sd.Login{Address: server.URL, User: "sytest", Password: password, Wait: time.Millisecond, HTTP: server.Client().Transport})
	if err != nil {
		t.Fatal(err)
	}
	_, err = ask(s)
	if err == nil || !strings.Contains(err.Error(), "SD does not answer") || strings.Contains(err.Error(), "InstitutionIdentifier=") || strings.Contains(err.Error(), password) {
		t.Errorf("got %v", err)
	}
}

func TestServiceIsCut(t *testing.T) {
	s := service(t, 12, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, "<GetInstitution20111201><RequestStructure><InstitutionIdentifier>TA</InstitutionIdentifier></RequestStructure>") //nolint:errcheck // the test sees what comes
	})
	_, err := sd.Read(context.Background(), s, options())
	if err == nil || !strings.Contains(err.Error(), "read the answer of GetInstitution20111201") {
		t.Errorf("got %v", err)
	}
}

func TestConnect(t *testing.T) {
	tests := []struct {
		login sd.Login
		want  string
	}{
		{sd.Login{Address: "http://service.sd.dk/sdws", User: "sy", Password: password}, "must begin with https"},
		{sd.Login{Address: "https://sy:" + password + "@service.sd.dk", User: "sy", Password: password}, "holds a login"},
		{sd.Login{Address: "https://sy:" + password + "@ service", User: "sy", Password: password}, "is none"},
		{sd.Login{User: "sy"}, "user (it begins with sy) and a password"},
		{sd.Login{Password: password}, "user (it begins with sy) and a password"},
	}
	for _, test := range tests {
		_, err := sd.Connect(test.login)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), password) {
			t.Errorf("got %v, want %q", err, test.want)
		}
		if shown := fmt.Sprintf("%v %+v %#v", test.login, test.login, test.login); strings.Contains(shown, password) {
			t.Errorf("printing a login shows its password: %s", shown)
		}
	}
}
