package os2motest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/internal/testshared"
	"orgit.dk/orgit/org/source/os2mo/os2motest"
)

func official(t *testing.T) *os2motest.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testshared.Dir(t), "samples", "os2mo-schema-v30.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := os2motest.LoadSchema(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// start starts a stand-in on the day of the sample organisation and logs in.
func start(t *testing.T, schema *os2motest.Schema) func(query string, variables map[string]any) string {
	t.Helper()
	web := httptest.NewServer(os2motest.New(os2motest.Options{
		Organisation: os2motest.Korsbaek(), Schema: schema, ClientID: "orgit", Secret: "s",
		Clock: func() time.Time { return time.Date(2026, 11, 25, 11, 0, 0, 0, time.UTC) },
	}))
	t.Cleanup(web.Close)
	login := url.Values{"grant_type": {"client_credentials"}, "client_id": {"orgit"}, "client_secret": {"s"}}
	resp, err := web.Client().PostForm(web.URL+os2motest.TokenPath, login)
	if err != nil {
		t.Fatal(err)
	}
	var token struct {
		Text string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(body(t, resp)), &token); err != nil {
		t.Fatal(err)
	}
	return func(query string, variables map[string]any) string {
		t.Helper()
		text, err := json.Marshal(map[string]any{"query": query, "operationName": "Q", "variables": variables})
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, web.URL+os2motest.GraphQLPath, strings.NewReader(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token.Text)
		resp, err := web.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		return body(t, resp)
	}
}

func body(t *testing.T, resp *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestSchema: what OS2mo would refuse, the stand-in refuses.
func TestSchema(t *testing.T) {
	ask := start(t, official(t))
	for query, want := range map[string]string{
		`query Q { org_units { objects { uuid nothing } } }`:                                              `Cannot query field \"nothing\"`,
		`query Q { employees { objects { uuid } } }`:                                                      `deprecated field: employees`,
		`query Q { org_units { objects { validities { parent { uuid } } } } }`:                            `deprecated field: parent`,
		`query Q { org_units(filter: {nothing: 1}) { objects { uuid } } }`:                                `\"nothing\" is not defined`,
		`query Q($limit: String) { org_units(limit: $limit) { objects { uuid } } }`:                       `\"$limit\" of type \"String\"`,
		`mutation Q { org_unit_delete(uuid: "4a8e965b-52e6-4149-af9f-817770daa12c") { uuid } }`:           `only reads`,
		`query R { org_units { objects { uuid } } }`:                                                      `unknown operation named Q`,
		`query Q { managers { objects { validities { responsibilities_response { uuid } } } } }`:          `Cannot query field \"uuid\"`,
		`query Q { engagements { objects { validities { leave_response { uuid } } } } }`:                  `"leave_response":null`,
		`query Q { addresses { objects { validities { address_type_response { current { name } } } } } }`: `"name":"Telefon"`,
	} {
		if got := ask(query, nil); !strings.Contains(got, want) {
			t.Errorf("%s\nanswers %.500s\nwant %s", query, got, want)
		}
	}
}

// TestDefaults: without dates a list holds what is in force now, and so does a list inside it.
func TestDefaults(t *testing.T) {
	ask := start(t, nil)
	count := func(query string, what string) int { return strings.Count(ask(query, nil), os2motest.ID(what)) }
	const all = `(filter: {from_date: null, to_date: null})`
	if got := count(`query Q { org_units { objects { uuid } } }`, "unit vej"); got != 0 {
		t.Errorf("a unit that has ended is in force now")
	}
	if got := count(`query Q { org_units`+all+` { objects { uuid } } }`, "unit vej"); got != 1 {
		t.Errorf("a unit that has ended is not in a list of everything")
	}
	if got := count(`query Q { related_units`+all+` { objects { validities(start: null, end: null) { org_units_response { objects { uuid } } } } } }`, "unit vej"); got != 0 {
		t.Errorf("a list inside has inherited the dates of the filter")
	}
	if got := count(`query Q { related_units`+all+` { objects { validities(start: null, end: null) { org_units_response`+all+` { objects { uuid } } } } } }`, "unit vej"); got != 1 {
		t.Errorf("a list inside with dates of its own lacks what has ended")
	}
	one := ask(`query Q { org_units(filter: {from_date: null, to_date: null}) { objects { uuid validities { name } } } }`, nil)
	if strings.Contains(one, `"Østre Skole"`) || !strings.Contains(one, `"Østre Skole og SFO"`) {
		t.Errorf("validities without dates are not those of now: %s", one)
	}
}

// TestPages: pages are disjoint, the second is empty, and together they are everything.
func TestPages(t *testing.T) {
	ask := start(t, nil)
	var sizes []int
	seen := map[string]int{}
	var cursor any
	for range 20 {
		var page struct {
			Data struct {
				Units struct {
					Objects []struct{ UUID string }
					Info    struct {
						Next any `json:"next_cursor"`
					} `json:"page_info"`
				} `json:"org_units"`
			}
		}
		text := ask(`query Q($limit: int, $cursor: Cursor) { org_units(filter: {from_date: null, to_date: null}, limit: $limit, cursor: $cursor) { objects { uuid } page_info { next_cursor } } }`,
			map[string]any{"limit": 4, "cursor": cursor})
		if err := json.Unmarshal([]byte(text), &page); err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Data.Units.Objects {
			seen[o.UUID]++
		}
		sizes = append(sizes, len(page.Data.Units.Objects))
		if cursor = page.Data.Units.Info.Next; cursor == nil {
			break
		}
	}
	if diff := cmp.Diff([]int{4, 0, 4, 3}, sizes); diff != "" {
		t.Errorf("sizes of pages (-want +got):\n%s", diff)
	}
	for uuid, times := range seen {
		if times != 1 {
			t.Errorf("%s comes %d times", uuid, times)
		}
	}
}
