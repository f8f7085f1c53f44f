package ad

import (
	"testing"

	"orgit.dk/orgit/org"
)

func TestMarks(t *testing.T) {
	for text, want := range map[string]mark{
		"":                                      {},
		"Jens Hansen":                           {},
		"orgit:":                                {},
		"orgit:open":                            {},
		"orgit:new":                             {state: markNew},
		"orgit:disabled":                        {state: markDisabled},
		"orgit:disabled;before":                 {state: markDisabled, before: true},
		"orgit:closed;since=2026-12-02":         {state: markClosed, since: "2026-12-02"},
		"orgit:closed;since=2026-12-02;before":  {state: markClosed, since: "2026-12-02", before: true},
		"orgit:closed;since=2026-02-31":         {},
		"orgit:closed;since=i går":              {},
		" orgit:closed;since=2026-12-02":        {},
		"orgit:closed;since=2026-12-02;unknown": {state: markClosed, since: "2026-12-02"},

		"orgit:disabled;suspended":                                     {state: markDisabled, suspended: true},
		"orgit:closed;since=2026-12-02;suspended;barred=2026-12-02":    {state: markClosed, since: "2026-12-02", suspended: true, barred: "2026-12-02"},
		"orgit:locked;since=2026-12-02;was=open":                       {state: markLocked, since: "2026-12-02", was: wasOpen},
		"orgit:locked;since=2026-12-02;was=disabled;barred=2026-11-01": {state: markLocked, since: "2026-12-02", was: markDisabled, barred: "2026-11-01"},
		"orgit:locked;since=2026-12-02;was=anything":                   {},
		"orgit:lifted":                       {state: markLifted},
		"orgit:disabled;first;attempt=0a1b":  {state: markDisabled, first: true, attempt: "0a1b"},
		"orgit:disabled;first;attempt=it is": {},
	} {
		if got := parseMark(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

// FuzzMark: whatever stands in the attribute, what orgit makes of it reads back as the
// same.
func FuzzMark(f *testing.F) {
	f.Add("orgit:closed;since=2026-12-02;before")
	f.Add("orgit:new")
	f.Add("orgit:closed;since=")
	f.Fuzz(func(t *testing.T, text string) {
		m := parseMark(text)
		if again := parseMark(m.String()); again != m {
			t.Errorf("%q: %+v reads back as %+v", text, m, again)
		}
		if m.state == "" && m != (mark{}) {
			t.Errorf("%q: no mark, and yet %+v", text, m)
		}
	})
}

func FuzzOwner(f *testing.F) {
	f.Add("orgit:00000000-0000-4000-8000-000000000001")
	f.Add("ORGIT:00000000-0000-4000-8000-00000000000A")
	f.Add("orgit:")
	f.Fuzz(func(t *testing.T, text string) {
		id, ok := parseOwner(text)
		if !ok {
			return
		}
		if again, ok := parseOwner(ownerMark(id)); !ok || again != id {
			t.Errorf("%q: %s reads back as %s", text, id, again)
		}
	})
}

func TestOwner(t *testing.T) {
	const id = "00000000-0000-4000-8000-00000000000a"
	for text, want := range map[string]org.UUID{
		"orgit:" + id: id, "ORGIT:00000000-0000-4000-8000-00000000000A": id,
		"": "", id: "", "orgit:" + id + "0": "", "orgit:ikke": "", "Ejes af orgit:" + id: "",
	} {
		if got, ok := parseOwner(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
}

// FuzzExpires: an instant that was read is written back as the same number.
func FuzzExpires(f *testing.F) {
	f.Add("2026-12-01T11:00:00Z")
	f.Add("never")
	f.Add("1601-01-01T00:00:00.0000001Z")
	f.Fuzz(func(t *testing.T, value string) {
		raw, err := rawExpires(value)
		if err != nil || raw == "0" {
			return
		}
		again := expiresOf(raw)
		if back, err := rawExpires(again); err != nil || back != raw {
			t.Errorf("%q is written as %q and read as %q, which is written as %q (%v)", value, raw, again, back, err)
		}
	})
}

func TestExpires(t *testing.T) {
	for raw, want := range map[string]string{
		"": "never", "0": "never", "9223372036854775807": "never", "134405964000000000": "2026-12-01T11:00:00Z",
		"134405964000000001": "2026-12-01T11:00:00.0000001Z", "9223372036854775806": "raw:9223372036854775806", "-1": "raw:-1",
	} {
		if got := expiresOf(raw); got != want {
			t.Errorf("%s: %s, want %s", raw, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"Søren Ærø": "soren aero", "Jørgen": "jorgen", "ÅSE": "ase", "Ase": "ase", "André": "andre", "a  b": "a b",
		"Andre\u0301": "andre", "AERO": "aero", "Straße": "strasse", "Ａnna": "anna", "An\u200bna": "anna", "Łukasz Đorđe": "lukasz dorde",
	} {
		if got := fold(name); got != want {
			t.Errorf("fold %q: %q, want %q", name, got, want)
		}
	}
	for value, want := range map[string]string{
		"Jensen, Anna": `Jensen\, Anna`, "a=b": `a\=b`, "a+b": `a\+b`, "#1": `\#1`, " a ": `\ a\ `, `a\b`: `a\\b`, "Ærø": "Ærø",
	} {
		if got := escapeRDN(value); got != want {
			t.Errorf("escape %q: %s, want %s", value, got, want)
		}
	}
	if got := withSuffix("Østre Skole", " (x)", 10); got != "Østre (x)" {
		t.Errorf("with suffix: %q", got)
	}
}
