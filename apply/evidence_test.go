package apply_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// evidencePlan has two operations with names and values that no evidence may hold.
func evidencePlan() *plan.Plan {
	op := func(uuid string, action plan.Action) plan.Operation {
		return plan.Operation{
			ID: "ad/user/" + uuid, Target: "ad", Object: plan.ID{Kind: "user", UUID: org.UUID(uuid)}, Name: "Åse Kjær",
			Ref: "CN=Åse Kjær,OU=Organisation", Unit: "vej", Entry: `people."p1".accounts."ad"`, Action: action, Origin: plan.FromChange, Effect: "2026-12-01",
			Attrs: []plan.AttrChange{{Name: "displayName", Old: []string{"Åse Dam"}, New: []string{"Åse Kjær"}}, {Name: "title", New: []string{"Leder"}, ShowNew: "Leder"}},
			Note:  "med CPR-nummer", Why: []org.Fact{{Path: `people."p1".name`, Value: "Åse Kjær"}},
		}
	}
	return &plan.Plan{
		Digest: "abc", Day: "2026-12-01", Provenance: plan.Provenance{Commit: "c0ffee"},
		Operations: []plan.Operation{op("9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c31", plan.ActionUpdate), op("9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c32", plan.ActionRetire)},
	}
}

// TestRecord: a record of a run says what, of what, by whom and with which outcome, and nothing else.
func TestRecord(t *testing.T) {
	p := evidencePlan()
	now := time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC)
	recorder := apply.NewRecorder(func() time.Time { return now })
	begun := apply.BeginRecord(p, "run", []apply.Approval{{Commit: "c0ffee", MergeRequest: 7, Class: "loen", Approvers: []string{"ida", "per"}, Proposer: "lone"}})
	results := []apply.Result{
		{Operation: &p.Operations[0], Outcome: apply.Done},
		{Operation: &p.Operations[1], Outcome: apply.Failed, Err: errors.New("the directory says: Åse Kjær is odd")},
	}
	for _, r := range results {
		recorder.Begin(r.Operation)
		recorder.End(r, 1, 2)
	}
	r := recorder.Ended(begun, &apply.Report{Results: results, Interrupted: true})
	r.Sequence, r.Previous, r.Time, r.Tool = 3, "def", "2026-12-01T05:00:01Z", "1.0"
	data, err := r.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
 "version": 1,
 "sequence": 3,
 "previous": "def",
 "kind": "apply",
 "run": "run",
 "time": "2026-12-01T05:00:01Z",
 "tool": "1.0",
 "day": "2026-12-01",
 "plan": "abc",
 "commit": "c0ffee",
 "interrupted": true,
 "approvals": [
  {
   "commit": "c0ffee",
   "mergeRequest": 7,
   "class": "loen",
   "approvers": [
    "ida",
    "per"
   ],
   "proposer": "lone"
  }
 ],
 "operations": [
  {
   "id": "ad/user/9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c31",
   "target": "ad",
   "object": {
    "kind": "user",
    "uuid": "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c31"
   },
   "entry": "people.\"p1\".accounts.\"ad\"",
   "action": "update",
   "attributes": [
    "displayName",
    "title"
   ],
   "origin": "change",
   "effect": "2026-12-01",
   "outcome": "done",
   "time": "2026-12-01T05:00:00Z"
  },
  {
   "id": "ad/user/9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c32",
   "target": "ad",
   "object": {
    "kind": "user",
    "uuid": "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c32"
   },
   "entry": "people.\"p1\".accounts.\"ad\"",
   "action": "retire",
   "attributes": [
    "displayName",
    "title"
   ],
   "origin": "change",
   "effect": "2026-12-01",
   "outcome": "failed",
   "time": "2026-12-01T05:00:00Z"
  }
 ]
}
`
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Error(diff)
	}
	back, err := apply.ParseRecord(data)
	if err != nil {
		t.Fatal(err)
	}
	r.Version = 1
	if diff := cmp.Diff(r, back); diff != "" {
		t.Error(diff)
	}
}

// TestBeginRecord: the beginning names what is about to be done, and no outcome.
func TestBeginRecord(t *testing.T) {
	begun := apply.BeginRecord(evidencePlan(), "run", nil)
	data, err := begun.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Kjær", "Leder", "CPR", "outcome"} {
		if strings.Contains(string(data), secret) {
			t.Errorf("it holds %s: %s", secret, data)
		}
	}
	if len(begun.Operations) != 2 || begun.Kind != apply.RecordBegin {
		t.Errorf("it is %+v", begun)
	}
}

func TestParseRecordRefuses(t *testing.T) {
	for _, text := range []string{"", "[]", "{}", `{"version": 2}`, `{"version": 1, "sequence": "x"}`} {
		if r, err := apply.ParseRecord([]byte(text)); !errors.Is(err, apply.ErrRecord) {
			t.Errorf("%q: %+v, %v", text, r, err)
		}
	}
}

// FuzzParseRecord: what parses is written, and then read again the same.
func FuzzParseRecord(f *testing.F) {
	f.Add([]byte(`{"version": 1, "sequence": 2, "kind": "apply", "operations": [{"id": "x", "object": {"kind": "user", "uuid": "u"}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := apply.ParseRecord(data)
		if err != nil {
			return
		}
		written, err := r.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		again, err := apply.ParseRecord(written)
		if err != nil {
			t.Fatal(err)
		}
		rewritten, err := again.Bytes()
		if err != nil || string(rewritten) != string(written) {
			t.Errorf("%s becomes %s, %v", written, rewritten, err)
		}
	})
}
