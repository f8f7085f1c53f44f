package propose

import (
	"errors"
	"strings"
	"testing"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/change"
	"orgit.dk/orgit/org/username"
)

func takenNames(names ...string) *username.Taken {
	t := &username.Taken{}
	t.Add(names...)
	return t
}

// worldOfLogins is one in which annj to annj3 are taken, each for another reason.
func worldOfLogins(reuse string) *Logins {
	l := NewLogins(org.Usernames{Patterns: []string{"FFFL", "FFFLX"}, Forbidden: []string{"fisk"}, Reuse: reuse, System: "net"})
	l.TakenByAccounts(takenNames("annj"))
	l.TakenBefore(takenNames("annj2"))
	l.TakenByProposal("forslag/1", takenNames("annj3"))
	return l
}

func TestLogins(t *testing.T) {
	anna := org.Name{Given: "Anna", Surname: "Jensen"}
	hire := func(login string) Change { return Change{Do: DoHire, Texts: Texts{Name: anna, Login: login}} }
	there := hire("")
	there.Person = "p1"
	without := hire("")
	without.NoAccount = true
	for _, test := range []struct {
		name, reuse string
		changes     []Change
		want        []string // login names, or what a refusal says
	}{
		{"by the rules, past all that is taken", "never", []Change{hire(""), hire("")}, []string{"annj4", "annj5"}},
		{"what no entry has any more", org.ReuseUnlisted, []Change{hire(""), hire("annj3")}, []string{"annj2", "forslag/1"}},
		{"by hand", "never", []Change{hire("boli"), hire("BOLI"), hire("Fisk2"), hire("annj")}, []string{"boli", "somebody else in this proposal", "forbidden", "an account has it"}},
		{"by hand what the rules would make", "never", []Change{hire("annj4"), hire("")}, []string{"annj4", "annj5"}},
		{"somebody who is there, and no account", "never", []Change{there, without}, []string{"", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := worldOfLogins(test.reuse)
			for i, c := range test.changes {
				got, err := l.Give(c)
				switch {
				case err != nil && (test.want[i] == "" || !errors.Is(err, ErrProposal) || !strings.Contains(err.Error(), test.want[i])):
					t.Errorf("%d: %v, want %q", i, err, test.want[i])
				case err == nil && got.Login != test.want[i]:
					t.Errorf("%d: the login name is %q, want %q", i, got.Login, test.want[i])
				case err == nil && (got.LoginByRule != (c.Login == "" && got.Login != "") || got.Login != "" && got.System != "net"):
					t.Errorf("%d: %+v", i, got)
				}
			}
		})
	}
}

func TestLoginsAgain(t *testing.T) {
	hire := func(login string, byRule bool) Change {
		return Change{Do: DoHire, Person: "p1", New: "9d0c5a3e-2f0b-4d7e-8a51-6d0b7e1f2c31", LoginByRule: byRule,
			Texts: Texts{Name: org.Name{Given: "Anna", Surname: "Jensen"}, Login: login}}
	}
	l := worldOfLogins("never")
	for _, test := range []struct {
		login string
		want  bool
	}{{"annj4", true}, {"annj4", false}, {"annj", false}, {"", false}} {
		if got := l.Keep(hire(test.login, true)); got != test.want {
			t.Errorf("%q is kept: %t, want %t", test.login, got, test.want)
		}
	}
	if got, err := l.Exchange(hire("annj", true)); err != nil || got.Login != "annj5" {
		t.Errorf("what the rules made becomes %q, %v; want annj5: annj4 is kept by somebody else", got.Login, err)
	}
	if _, err := l.Exchange(hire("annj", false)); !errors.Is(err, ErrProposal) {
		t.Errorf("what somebody gave by hand: %v", err)
	}
}

// TestLoginsInDanish: HR reads in the spreadsheet's language why a name cannot be had.
func TestLoginsInDanish(t *testing.T) {
	_, err := worldOfLogins("never").Give(Change{Do: DoHire, Texts: Texts{Login: "annj3"}})
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		t.Fatal(err)
	}
	if got, want := refusal.In(change.Danish), "brugernavnet annj3 er optaget: det åbne forslag forslag/1 har det"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
