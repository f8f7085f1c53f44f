package os2motest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// Where the stand-in answers.
const (
	TokenPath   = "/auth/realms/mo/protocol/openid-connect/token"
	GraphQLPath = "/graphql/v30"
)

// Options are how a stand-in is made.
type Options struct {
	Organisation Organisation
	Schema       *Schema // queries are not checked when nil
	ClientID     string
	Secret       string
	Clock        func() time.Time
	TokenLife    time.Duration // 300 seconds when 0

	// Asked is told of each query before it is answered, when it is not nil.
	Asked func(Query)
}

// Query is a query that was asked.
type Query struct {
	Operation string
	Text      string
	Variables map[string]any
}

// Server is a stand-in. It is an http.Handler and may be used by several goroutines.
type Server struct {
	opts Options

	mu      sync.Mutex
	data    Organisation
	index   map[string][]Object // the registrations of each object, oldest first
	faults  []*Fault
	tokens  map[string]time.Time // until when
	logins  int
	refused int
	queries []Query
	asking  string // the operation that is being answered
}

// Schema is a GraphQL schema.
type Schema struct{ parsed *ast.Schema }

// LoadSchema reads the text of a schema, such as /graphql/v30/schema.graphql of an OS2mo.
func LoadSchema(text string) (*Schema, error) {
	parsed, err := gqlparser.LoadSchema(&ast.Source{Name: "v30", Input: text})
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	return &Schema{parsed}, nil
}

// New makes a stand-in.
func New(opts Options) *Server {
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	if opts.TokenLife == 0 {
		opts.TokenLife = 300 * time.Second
	}
	s := &Server{opts: opts, data: Organisation{}, index: map[string][]Object{}, tokens: map[string]time.Time{}}
	for collection, list := range opts.Organisation {
		s.data[collection] = slices.Clone(list)
		for _, o := range list {
			s.index[o.UUID] = append(s.index[o.UUID], o)
		}
	}
	return s
}

// Write adds an object, or what an object says instead of what it said before, known from
// the server's present time on.
func (s *Server) Write(collection string, o Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o.Known = s.opts.Clock()
	if len(s.index[o.UUID]) == 0 {
		s.data[collection] = append(s.data[collection], o)
	}
	s.index[o.UUID] = append(s.index[o.UUID], o)
}

// Queries gives the queries that were asked so far.
func (s *Server) Queries() []Query {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.queries)
}

// Logins gives how many tokens were given.
func (s *Server) Logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

// Refused gives how many queries came without a good token.
func (s *Server) Refused() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodPost && r.URL.Path == TokenPath:
		s.token(w, r)
	case r.Method == http.MethodPost && r.URL.Path == GraphQLPath:
		s.graphql(w, r)
	default:
		http.NotFound(w, r)
	}
}

// registered gives what an object said at a registration time; ok is false when it was not known.
func (s *Server) registered(uuid string, known time.Time) (o Object, ok bool) {
	for _, version := range s.index[uuid] {
		if !version.Known.After(known) {
			o, ok = version, true
		}
	}
	return o, ok
}

func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.strike("token", 0, BadGateway) != 0 {
		http.Error(w, "<html>Bad Gateway</html>", http.StatusBadGateway)
		return
	}
	if r.PostFormValue("grant_type") != "client_credentials" || r.PostFormValue("client_id") != s.opts.ClientID || r.PostFormValue("client_secret") != s.opts.Secret {
		// Some servers repeat in their answer what they were sent.
		answer(w, http.StatusUnauthorized, map[string]any{"error": "unauthorized_client", "error_description": "invalid: " + r.PostFormValue("client_secret")})
		return
	}
	s.logins++
	token := ID(fmt.Sprintf("token %d", s.logins))
	s.tokens[token] = s.opts.Clock().Add(s.opts.TokenLife)
	answer(w, http.StatusOK, map[string]any{"access_token": token, "expires_in": int(s.opts.TokenLife.Seconds()), "token_type": "Bearer"})
}

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// A client that is gone hears nothing.
	_ = json.NewEncoder(w).Encode(value)
}

func (s *Server) graphql(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Query     string         `json:"query"`
		Operation string         `json:"operationName"`
		Variables map[string]any `json:"variables"`
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&q); err != nil {
		http.Error(w, "no JSON", http.StatusBadRequest)
		return
	}
	query := Query{q.Operation, q.Query, q.Variables}
	if s.opts.Asked != nil {
		s.opts.Asked(query)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if until, known := s.tokens[token]; !known || !s.opts.Clock().Before(until) {
		s.refused++
		answer(w, http.StatusUnauthorized, map[string]any{"detail": "Not authenticated"})
		return
	}
	s.queries, s.asking = append(s.queries, query), query.Operation
	op, err := s.operation(query)
	if err != nil {
		answer(w, http.StatusOK, map[string]any{"data": nil, "errors": []any{map[string]any{"message": err.Error()}}})
		return
	}
	s.reply(w, token, op)
}

// reply carries an operation out, with the faults that strike it.
func (s *Server) reply(w http.ResponseWriter, token string, op *operation) {
	collection, page := op.place()
	switch s.strike(collection, page, BadGateway, ExpiredToken, ErrorIn200) {
	case BadGateway:
		http.Error(w, "<html>Bad Gateway</html>", http.StatusBadGateway)
		return
	case ExpiredToken:
		delete(s.tokens, token)
		answer(w, http.StatusUnauthorized, map[string]any{"detail": "Not authenticated"})
		return
	case ErrorIn200:
		answer(w, http.StatusOK, map[string]any{"data": nil, "errors": []any{trouble("ErrorCodes.E_UNKNOWN for 0101701234")}})
		return
	}
	data, err := op.run()
	if err != nil {
		answer(w, http.StatusOK, map[string]any{"data": nil, "errors": []any{trouble(err.Error())}})
		return
	}
	whole := map[string]any{"data": data}
	cut := s.strike(collection, page, PartialData, CutAnswer, CutJSON)
	if cut == PartialData {
		whole["errors"] = []any{trouble("a resolver timed out")}
	}
	text, err := json.Marshal(whole)
	if err != nil {
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	switch cut {
	case CutAnswer:
		w.Header().Set("Content-Length", fmt.Sprint(len(text)))
		text = text[:len(text)/2]
	case CutJSON:
		text = text[:len(text)/2]
	}
	_, _ = w.Write(text) // A client that is gone hears nothing.
}

func trouble(message string) map[string]any {
	return map[string]any{"message": message, "path": []string{}, "extensions": map[string]any{"error_context": map[string]any{"error": true, "error_key": "E_UNKNOWN", "status": 500}}}
}

var errDeprecated = errors.New("the query uses a deprecated field")
