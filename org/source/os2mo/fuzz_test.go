package os2mo

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/os2mo/os2motest"
	"orgit.dk/orgit/schema"
)

// answers gives what a stand-in answers to each collection, whole.
func answers(t testing.TB, o os2motest.Organisation) map[string]json.RawMessage {
	t.Helper()
	clock := func() time.Time { return time.Date(2026, 11, 25, 11, 0, 0, 0, time.UTC) }
	web := httptest.NewServer(os2motest.New(os2motest.Options{Organisation: o, ClientID: "orgit", Secret: "s", Clock: clock}))
	defer web.Close()
	c, err := connect(&http.Client{Transport: web.Client().Transport}, Options{
		URL: web.URL, TokenURL: web.URL + os2motest.TokenPath, ClientID: "orgit", Clock: clock,
		Secret: func() (string, error) { return "s", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]json.RawMessage{}
	for _, q := range []query{
		facetsQuery(), classesQuery(), systemsQuery(), unitsQuery(), personsQuery(), engagementsQuery(), managersQuery(), associationsQuery(),
		itUsersQuery(), roleBindingsQuery(), addressesQuery(), klesQuery(), relatedQuery(), leavesQuery(), ownersQuery(),
	} {
		text, err := c.ask(context.Background(), question{q.text(), q.operation, variables{Limit: 1000, At: clock().Format(time.RFC3339)}})
		if err != nil {
			t.Fatal(err)
		}
		all[q.collection] = text
	}
	return all
}

// parsed reads one collection of answers; nil when it cannot be read.
func parsed[T dated](all map[string]json.RawMessage, collection string) []object[T] {
	p, err := parseAnswer[object[T]](all[collection], collection)
	if err != nil {
		return nil
	}
	seen := map[id]bool{}
	return slices.DeleteFunc(p.objects, func(o object[T]) bool { // collect refuses what comes twice
		twice := seen[o.UUID]
		seen[o.UUID] = true
		return twice
	})
}

// put reads one collection of answers into a register.
func put(r *register, all map[string]json.RawMessage, collection string) {
	switch collection {
	case "facets":
		r.facets = parsed[facet](all, collection)
	case "classes":
		r.classes = parsed[class](all, collection)
	case "itsystems":
		r.systems = parsed[system](all, collection)
	case "org_units":
		r.units = parsed[unit](all, collection)
	case "persons":
		r.persons = parsed[person](all, collection)
	case "engagements":
		r.engagements = parsed[engagement](all, collection)
	case "managers":
		r.managers = parsed[manager](all, collection)
	case "associations":
		r.associations = parsed[association](all, collection)
	case "itusers":
		r.itUsers = parsed[itUser](all, collection)
	case "rolebindings":
		r.roleBindings = parsed[roleBinding](all, collection)
	case "addresses":
		r.addresses = parsed[address](all, collection)
	case "kles":
		r.kles = parsed[kle](all, collection)
	case "related_units":
		r.related = parsed[relatedUnit](all, collection)
	case "leaves":
		r.leaves = parsed[leave](all, collection)
	case "owners":
		r.owners = parsed[owner](all, collection)
	}
}

// pieces cuts an answer into answers of one object each: small ones are what a fuzzer can
// work with.
func pieces(t testing.TB, answer json.RawMessage) [][]byte {
	t.Helper()
	var whole struct {
		Data map[string]struct {
			Objects []json.RawMessage `json:"objects"`
		} `json:"data"`
	}
	if err := json.Unmarshal(answer, &whole); err != nil {
		t.Fatal(err)
	}
	var list [][]byte
	for collection, part := range whole.Data {
		for _, o := range part.Objects {
			list = append(list, []byte(`{"data":{"`+collection+`":{"objects":[`+string(o)+`],"page_info":{"next_cursor":null}}}}`))
		}
	}
	return list
}

// FuzzExtract: whatever OS2mo answers to one of the queries, there is no crash, and an
// extract that comes out of it is in order, with no CPR number in any text.
func FuzzExtract(f *testing.F) {
	base := answers(f, os2motest.Korsbaek())
	collections := slices.Sorted(maps.Keys(base))
	for i, collection := range collections {
		for _, piece := range pieces(f, base[collection]) {
			f.Add(uint8(i), piece)
		}
	}
	whole := &register{}
	for _, collection := range collections {
		put(whole, base, collection)
	}
	zone, err := org.Copenhagen()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, which uint8, text []byte) {
		collection := collections[int(which)%len(collections)]
		r := *whole
		put(&r, map[string]json.RawMessage{collection: text}, collection)
		x := assemble(&r, Options{}, zone, "2026-11-25")
		if err := x.Check(); err != nil {
			t.Fatal(err)
		}
		for _, said := range texts(x) {
			if len(schema.FindCPR(said)) > 0 {
				t.Fatalf("what looks like a CPR number stands in %q", said)
			}
		}
	})
}

// texts gives the texts of an extract but phones and P-numbers, which have a form of their own.
func texts(x *source.Extract) []string {
	var list []string
	more := func(values map[string]string) {
		for role, value := range values {
			if role != "p" && !schema.IsPhone(value) {
				list = append(list, value)
			}
		}
	}
	for _, c := range x.Classes {
		list = append(list, c.ID, c.Name, c.Code)
	}
	for _, u := range x.Units {
		for _, s := range u.States {
			list = append(list, s.Name, s.Code, s.Type, s.Level)
			more(s.Addresses)
			more(s.Numbers)
		}
	}
	for _, p := range x.People {
		for _, s := range p.States {
			list = append(list, s.Given+" "+s.Surname, s.Called)
			more(s.Addresses)
		}
		for _, e := range p.Engagements {
			list = append(list, e.Number)
			for _, s := range e.States {
				list = append(list, s.Title, s.Type)
			}
		}
		for _, a := range p.Accounts {
			list = append(list, a.Name, a.System, a.Mail, strings.Join(a.Former, ";"))
		}
	}
	for _, l := range x.Leaders {
		for _, s := range l.States {
			list = append(list, s.Role, s.Level, strings.Join(s.Responsibilities, ";"))
		}
	}
	return list
}

// FuzzParseAnswer: a text that is no whole answer is an error, and no error quotes it.
func FuzzParseAnswer(f *testing.F) {
	for _, seed := range []string{
		`{"data": {"persons": {"objects": [], "page_info": {"next_cursor": null}}}}`,
		`{"data": {"persons": {"objects": [{"uuid": "4a8e965b-52e6-4149-af9f-817770daa12c", "validities": [{"cpr_number": "0101701234", "validity": {"from": null, "to": "2026-01-01T00:00:00+01:00"}}]}], "page_info": {"next_cursor": "MQ=="}}}}`,
		`{"data": null, "errors": [{"message": "E 0101701234", "extensions": {"error_context": {"error_key": "E_X"}}}]}`,
		`{"data": {"persons": null}}`, `{"data": {"persons": {"objects": [null], "page_info": null}}}`, `[]`, `"0101701234"`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := parseAnswer[object[person]](text, "persons")
		if err != nil {
			if len(schema.FindCPR(err.Error())) > 0 {
				t.Fatalf("the error quotes a CPR number: %v", err)
			}
			return
		}
		for _, o := range p.objects {
			if o.whole() != nil || !uuidShape.MatchString(string(o.UUID)) {
				t.Fatalf("an object that is not whole: %v", o.UUID)
			}
		}
	})
}
