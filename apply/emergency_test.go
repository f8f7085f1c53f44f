package apply_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

func TestEmergency(t *testing.T) {
	rules := &org.Emergency{People: []string{"vagt1", "vagt2"}, PerHour: 3}
	for _, c := range []struct {
		name     string
		rules    *org.Emergency
		operator string
		locked   int
		want     error
	}{
		{"named", rules, "vagt2", 2, nil},
		{"no rules", nil, "", 9, nil},
		{"not named", rules, "lone", 0, apply.ErrNotNamed},
		{"nobody", rules, "", 0, apply.ErrNotNamed},
		{"nobody is named", &org.Emergency{PerHour: 3}, "vagt1", 0, apply.ErrNotNamed},
		{"too many", rules, "vagt1", 3, apply.ErrTooMany},
	} {
		granted, err := apply.Emergency(c.rules, c.operator, c.locked)
		if !errors.Is(err, c.want) || (granted == nil) != (c.want != nil) {
			t.Errorf("%s: %v, %v; want %v", c.name, granted, err, c.want)
		}
		if _, passes := granted.(apply.Pass); passes {
			t.Error("what closes accounts carries out plans")
		}
	}
}

func TestLockedSince(t *testing.T) {
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	var out bytes.Buffer
	j := apply.NewEmergencyJournal(&out, func() time.Time { return at })
	note := func(action plan.Action, person org.UUID, minutes time.Duration) {
		at = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC).Add(minutes * time.Minute)
		if err := j.Begin(action, person, "vagt1"); err != nil {
			t.Fatal(err)
		}
		if err := j.Account(action, "ad", plan.ID{Kind: "user", UUID: "account"}, apply.Done, ""); err != nil {
			t.Fatal(err)
		}
	}
	note(apply.ActionLock, "early", 0)
	note(apply.ActionLock, "first", 30)
	out.WriteString("{\"time\": cut\n\n")
	note(apply.ActionLift, "lifted", 40)
	note(apply.ActionLock, "second", 50)
	note(apply.ActionLock, "second", 55)
	got, err := apply.LockedSince(strings.NewReader(out.String()), at.Add(-30*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[org.UUID]bool{"first": true, "second": true}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
