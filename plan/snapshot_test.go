package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// sampleSnapshot has something in every field.
func sampleSnapshot() *Snapshot {
	return &Snapshot{
		Municipality: "Korsbæk Kommune", CVR: "29189846", Read: "2026-12-01T05:00:00Z", Day: "2026-12-01", Commit: "c0ffee", Tool: "1",
		Schema: "5c", Mark: "{\"version\": 1}\n",
		Targets: []Reading{
			{Settings: "a1", Attributes: map[string]string{"title": "", "info": ""}, Actual: Actual{Target: "ad",
				Objects: []Found{
					{ID: ID{"ou", "a"}, Name: "Skole", Ref: "OU=Skole", Attrs: map[string][]string{"ou": {"Skole"}}, Pinned: "policies"},
					{ID: ID{"user", "b"}, Name: "Åse <&>", Ref: "CN=Åse", Handle: "h", Attrs: map[string][]string{"title": {"Lærer"}, "phones": {"+4502028012345", "b"}},
						Shows: map[string]string{"container": "Skole"}, Uses: []ID{{"ou", "a"}}, Out: true, OutSince: "2026-11-01",
						Held: map[string]string{"enabled": "why"}, Holds: map[string]Hold{"enabled": {Code: AttentionLocked, Day: "2026-11-02", FilesDecide: true}},
						Unfinished: map[string]bool{"enabled": true}, Overruled: map[string]bool{"enabled": true}, Protected: ProtectedAdmin},
				},
				Foreign: []Foreign{
					{Kind: "group", Ref: "CN=G", Name: "G", Note: "n", Holds: []map[string]string{{"cn": "G", "container": "base"}}},
					{Kind: "user", Ref: "CN=U", Name: "U", Candidate: &Candidate{Handle: "g", Value: "dn:u", Kind: "user", In: "base", Hides: "cpr",
						Signs: map[string][]string{"login": {"u"}}, Shows: map[string]string{"login": "U"}, Protected: ProtectedService, Owner: "o",
						Found: &Found{ID: ID{Kind: "user"}, Name: "U", Attrs: map[string][]string{"title": {"x"}}}}},
				}}},
			{Settings: "b2", Actual: Actual{Target: "fk", Objects: []Found{{ID: ID{"enhed", "a"}, Name: "x"}}}},
		},
	}
}

func snapshotText(t testing.TB, s *Snapshot) string {
	t.Helper()
	var out bytes.Buffer
	if err := WriteSnapshot(&out, s); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestSnapshotIsReadAsWritten(t *testing.T) {
	s := sampleSnapshot()
	text := snapshotText(t, s)
	if again := snapshotText(t, sampleSnapshot()); again != text {
		t.Error("the same snapshot gives other bytes")
	}
	if strings.Count(text, "\n") != 1+5+1 {
		t.Errorf("%d lines, want one for the head, each object and the end", strings.Count(text, "\n"))
	}
	got, err := ReadSnapshot(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
	for i, r := range s.Targets {
		for j := range r.Actual.Objects {
			if a, b := r.Actual.Objects[j].Digest(), got.Targets[i].Actual.Objects[j].Digest(); a != b {
				t.Errorf("%s has another digest", r.Actual.Objects[j].ID)
			}
		}
	}
}

// resealed gives a text the digest that fits it, as somebody would who edits a snapshot.
func resealed(lines []string) string {
	body := strings.Join(lines, "")
	sum := sha256.Sum256([]byte(body))
	return body + fmt.Sprintf("{\"sha256\":%q}\n", hex.EncodeToString(sum[:]))
}

func TestDamagedSnapshots(t *testing.T) {
	text := snapshotText(t, sampleSnapshot())
	lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	body := lines[:len(lines)-1]
	edited := func(old, fresh string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("there is no %q to edit", old)
		}
		return resealed(strings.SplitAfter(strings.Replace(strings.Join(body, ""), old, fresh, 1), "\n"))
	}
	if _, err := ReadSnapshot(strings.NewReader(resealed(body))); err != nil {
		t.Fatalf("what nobody edited: %v", err)
	}
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"empty":                   {"", ErrSnapshotDamaged},
		"another file":            {"{\"version\": 1}\n", ErrSnapshotDamaged},
		"an older version":        {edited(`"version":1`, `"version":0`), ErrSnapshotVersion},
		"a newer version":         {edited(`"version":1`, `"version":2`), ErrSnapshotVersion},
		"a field nobody knows":    {edited(`"kind":"ou"`, `"kind":"ou","more":1`), ErrSnapshotDamaged},
		"no municipality":         {edited(`"cvr":"29189846"`, `"cvr":""`), ErrSnapshotDamaged},
		"no time":                 {edited(`"read":"2026-12-01T05:00:00Z"`, `"read":"yesterday"`), ErrSnapshotDamaged},
		"a target twice":          {edited(`"name":"fk"`, `"name":"ad"`), ErrSnapshotDamaged},
		"fewer than nothing":      {edited(`"objects":1`, `"objects":-1`), ErrSnapshotDamaged},
		"more than there are":     {edited(`"objects":1`, `"objects":1000000000`), ErrSnapshotDamaged},
		"fewer than there are":    {edited(`"objects":2`, `"objects":1`), ErrSnapshotDamaged},
		"an object twice":         {edited(`"kind":"ou","uuid":"a"`, `"kind":"user","uuid":"b"`), ErrSnapshotDamaged},
		"two things in a line":    {edited(`"pinned":"policies"}`, `"pinned":"policies"}{}`), ErrSnapshotDamaged},
		"without its last target": {resealed(body[:len(body)-1]), ErrSnapshotDamaged},
		"without its end":         {strings.Join(body, ""), ErrSnapshotDamaged},
		"with more at its end":    {text + "\n", ErrSnapshotDamaged},
		"twice":                   {text + text, ErrSnapshotDamaged},
		"with Windows' lines":     {strings.ReplaceAll(text, "\n", "\r\n"), ErrSnapshotDamaged},
	} {
		if s, err := ReadSnapshot(strings.NewReader(c.text)); !errors.Is(err, c.want) || s != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for at := range len(text) {
		changed := []byte(text)
		changed[at] ^= 1
		if _, err := ReadSnapshot(bytes.NewReader(changed)); err == nil {
			t.Errorf("changed at %d: no error", at)
		}
		if _, err := ReadSnapshot(strings.NewReader(text[:at])); !errors.Is(err, ErrSnapshotDamaged) {
			t.Errorf("cut at %d: %v", at, err)
		}
	}
	lost := errors.New("the disk is gone")
	if _, err := ReadSnapshot(io.MultiReader(strings.NewReader(text[:300]), failing{lost})); !errors.Is(err, lost) {
		t.Errorf("a read that fails: %v", err)
	}
	if _, err := ReadSnapshot(io.MultiReader(strings.NewReader(text), failing{lost})); !errors.Is(err, lost) {
		t.Errorf("a read that fails at the end, where an encrypted file proves itself: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestSnapshotHoldsNoCPR: what is compared in memory only becomes tokens, by which what was
// equal is equal still; what is left over stops the snapshot.
func TestSnapshotHoldsNoCPR(t *testing.T) {
	ou := "dn:ou=010170-1234,dc=x"
	s := sampleSnapshot()
	a := &s.Targets[0].Actual
	a.Foreign = []Foreign{
		{Ref: "1", Candidate: &Candidate{Value: ou, Signs: map[string][]string{"place": {"ou=0101701234"}}}, Holds: []map[string]string{{"ou": "010170 1234"}}},
		{Ref: "2", Candidate: &Candidate{Value: "dn:cn=x", In: ou}},
		{Ref: "3", Candidate: &Candidate{Value: "dn:ou=020270-1234,dc=x"}},
	}
	text := snapshotText(t, s)
	if strings.Contains(strings.NewReplacer("-", "", " ", "").Replace(text), "0101701234") {
		t.Error("the snapshot holds the number")
	}
	got, err := ReadSnapshot(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	read := got.Targets[0].Actual.Foreign
	if v := read[0].Candidate.Value; v != read[1].Candidate.In || v == read[2].Candidate.Value || strings.Contains(v, "010170") {
		t.Errorf("%q, %q and %q: want the same, the same and another", v, read[1].Candidate.In, read[2].Candidate.Value)
	}
	if read[0].Holds[0]["ou"] == "" || len(read[0].Candidate.Signs["place"]) != 1 {
		t.Error("that there is a name is gone with the name")
	}

	for name, spoil := range map[string]func(*Found, *Foreign){
		"a value":           func(f *Found, _ *Foreign) { f.Attrs["title"] = []string{"Lærer, 010170-1234"} },
		"a name":            func(f *Found, _ *Foreign) { f.Name = "0101701234" },
		"a handle":          func(f *Found, _ *Foreign) { f.Ref = "CN=0101701234" },
		"a shown value":     func(f *Found, _ *Foreign) { f.Shows["container"] = "010170 1234" },
		"a reason":          func(f *Found, _ *Foreign) { f.Held["enabled"] = "010170 1234" },
		"a foreign name":    func(_ *Found, f *Foreign) { f.Name = "010170-1234" },
		"a foreign note":    func(_ *Found, f *Foreign) { f.Note = "010170-1234" },
		"an owner":          func(_ *Found, f *Foreign) { f.Candidate.Owner = "0101701234" },
		"a candidate's own": func(_ *Found, f *Foreign) { f.Candidate.Found.Attrs["title"] = []string{"0101701234"} },
	} {
		s := sampleSnapshot()
		spoil(&s.Targets[0].Actual.Objects[1], &s.Targets[0].Actual.Foreign[1])
		var out bytes.Buffer
		err := WriteSnapshot(&out, s)
		if !errors.Is(err, ErrSnapshotCPR) || strings.Contains(err.Error(), "0101") || strings.Contains(out.String(), "1234\"") || s.Digest != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDigestOfAPlanFromASnapshot: that it is one is part of the digest, and cannot be taken
// out of a plan file unseen; which one is not.
func TestDigestOfAPlanFromASnapshot(t *testing.T) {
	of := func(s *SnapshotSource) string { return (&Plan{Provenance: Provenance{Snapshot: s}}).digest() }
	tonight, last := of(&SnapshotSource{Commit: "b", Digest: "2"}), of(&SnapshotSource{Commit: "a", Digest: "1", Old: true, Unseen: map[string]int{"fk": 1}})
	if tonight != last || tonight == of(nil) {
		t.Error("want the same digest for two snapshots, and another one without")
	}
}

// FuzzReadSnapshot: whatever is read, it is an error or what would be written again.
func FuzzReadSnapshot(f *testing.F) {
	text := snapshotText(f, sampleSnapshot())
	f.Add([]byte(text))
	f.Add([]byte(text[:len(text)/2]))
	f.Add([]byte(strings.Replace(text, `"version":1`, `"version":2`, 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		// The fuzzer finds no SHA-256, so each text is also tried with the digest that fits.
		lines := bytes.SplitAfter(data, []byte("\n"))
		sealed := data
		if len(lines) > 1 {
			body := bytes.Join(lines[:len(lines)-2], nil)
			sum := sha256.Sum256(body)
			sealed = fmt.Appendf(bytes.Clone(body), "{\"sha256\":%q}\n", hex.EncodeToString(sum[:]))
		}
		for _, data := range [][]byte{data, sealed} {
			s, err := ReadSnapshot(bytes.NewReader(data))
			if err != nil {
				if s != nil {
					t.Fatal("both a snapshot and an error")
				}
				continue
			}
			var out bytes.Buffer
			if err := WriteSnapshot(&out, s); err != nil {
				if errors.Is(err, ErrSnapshotCPR) {
					continue // somebody else wrote it
				}
				t.Fatal(err)
			}
			again, err := ReadSnapshot(bytes.NewReader(out.Bytes()))
			if err != nil {
				t.Fatalf("what was read cannot be read again: %v", err)
			}
			again.Digest = s.Digest // blanks and the order of fields may have been others
			if diff := cmp.Diff(s, again, cmpopts.EquateEmpty()); diff != "" && !bytes.Contains(data, []byte("\\ufffd")) {
				t.Fatalf("-first +again:\n%s", diff)
			}
		}
	})
}
