package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"orgit.dk/orgit/internal/cpr/cprtest"
)

const twoPeople = `package org

people: {
	"pk2d7vz": {uuid: "7d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33", name: {given: "Anna", surname: "Holm"}}
	"pk8r4ub": {uuid: "7d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c34", name: {given: "Bo", surname: "Holm"}}
}
`

// TestImportShowsNoDigit: whatever is in a CSV file, no three digits in a row of it are
// repeated, on no channel.
func TestImportShowsNoDigit(t *testing.T) {
	r := newCPRRun(t)
	r.orgit(exitDone, "init", r.repo, "--name", "Korsbæk Kommune", "--cvr", "99189703", "--approver", "lone")
	if err := os.WriteFile(filepath.Join(r.repo, "people.cue"), []byte(twoPeople), 0o600); err != nil {
		t.Fatal(err)
	}
	r.orgit(exitDone, "cpr", "init")
	a, h := cprtest.Invented(1), cprtest.Hyphened(1)
	tests := map[string]string{
		"the other order":         a + ";pk2d7vz",
		"the other order, hyphen": h + ";pk2d7vz",
		"only numbers":            a + ";" + h,
		"only a number":           a,
		"a number cut in two":     a[:6] + ";" + a[6:],
		"a number for a key":      a[:9] + ";" + a,
		"a number in a name":      "pk2d7vz " + a + ";" + a,
		"a number in a key":       "pk2d7vz-" + a + ";" + a,
		"a digit too few":         "pk2d7vz;" + a[1:],
		"a digit too many":        "pk2d7vz;" + a + "7",
		"no day":                  "pk2d7vz;3213019876",
		"letters in between":      "pk2d7vz;" + a[:4] + "x" + a[4:],
		"three columns":           a + ";pk2d7vz;" + h,
		"quotes":                  `pk2d7vz;"` + a + `"9`,
		"an open quote":           `"pk2d7vz;` + a,
		"no such person":          "nosuch;" + a,
		"somebody's UUID":         "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c33;" + a,
		"two numbers":             "pk2d7vz;" + a + "\npk2d7vz;" + cprtest.Invented(2),
		"two persons":             "pk2d7vz;" + a + "\npk8r4ub;" + h,
		"binary":                  "\x00\x01" + a,
		"UTF-16":                  "\xff\xfep\x00;\x00" + a,
		"not UTF-8":               "pk2d7vz\xf8\xff;" + a + "\xe6",
		"another alphabet":        "pk2d7vz;" + a[:9] + "\u0661",
		"a formula":               `pk2d7vz;="` + a + `"`,
		"a long line":             strings.Repeat(a+";", 500),
		"many lines":              strings.Repeat(a+";pk2d7vz\n", 500),
		"only headings":           "cpr " + a + ";cpr",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			for _, more := range [][]string{nil, {"--json"}} {
				r.said.Reset()
				file := r.csv(text)
				code := execute(context.Background(), r.env, append([]string{"cpr", "import", file, "-C", r.repo}, more...))
				if code != exitInvalid {
					t.Errorf("exit code %d, want %d", code, exitInvalid)
				}
				said := strings.ReplaceAll(r.said.String(), file, "FILE")
				for _, run := range regexp.MustCompile(`[0-9]{3,}`).FindAllString(text, -1) {
					for i := range len(run) - 2 {
						if strings.Contains(said, run[i:i+3]) {
							t.Fatalf("the output repeats %q of the file:\n%s", run[i:i+3], said)
						}
					}
				}
				if !strings.Contains(said, "orgit: ") {
					t.Errorf("nothing is said:\n%s", said)
				}
			}
		})
	}
}
