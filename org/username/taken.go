package username

import (
	"strings"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"

	"orgit.dk/orgit/org"
)

// Taken are the login names that cannot be given to anybody new. Whose they are or were it
// does not say. The zero value holds none.
type Taken struct{ names map[string]bool }

// TakenIn gives the names that an organisation has a use for: those of all accounts of people
// and robots in all systems, at any time, and those that the settings protect.
func TakenIn(o *org.Organisation) *Taken {
	t := &Taken{}
	for _, account := range o.Accounts {
		t.Add(account.Name)
		for _, v := range account.Versions {
			t.Add(v.State.Name)
		}
	}
	protect := func(target *org.ADSettings) {
		if target != nil {
			t.Add(target.Protected...)
		}
	}
	protect(o.Settings.Targets.AD)
	for _, target := range o.Settings.Targets.Domains {
		protect(target)
	}
	t.Add(o.Settings.Safeguarded.Accounts...)
	return t
}

// Add takes further names.
func (t *Taken) Add(logins ...string) {
	if t.names == nil {
		t.names = map[string]bool{}
	}
	for _, login := range logins {
		t.names[fold(login)] = true
	}
}

// Has reports whether a name is taken.
func (t *Taken) Has(login string) bool { return t.names[fold(login)] }

// fold makes two names equal that a directory may not have side by side: Windows compares
// without case and diacritics.
func fold(login string) string {
	return strings.ToLower(unidecode.Unidecode(norm.NFC.String(login)))
}
