package main

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/org/propose"
)

// TestFitting: what does not fit is taken out, whether or not it is known which it is, and everything else stays in its order.
func TestFitting(t *testing.T) {
	for name, tt := range map[string]struct {
		list                   string
		blamed, hidden         string // do not fit; and are to blame for something that none of them names
		together               string // fit alone, and not together
		want, refused, lastTry string
	}{
		"all fit":                    {list: "abcd", want: "abcd", lastTry: "abcd"},
		"some do not":                {list: "abcd", blamed: "bd", want: "ac", refused: "bd", lastTry: "ac"},
		"one, and nobody says which": {list: "abcdefgh", hidden: "f", want: "abcdegh", refused: "f", lastTry: "abcdegh"},
		"two, and nobody says which": {list: "abcdefgh", hidden: "ah", want: "bcdefg", refused: "ah", lastTry: "bcdefg"},
		"both kinds":                 {list: "abcd", blamed: "a", hidden: "c", want: "bd", refused: "ac", lastTry: "bd"},
		"none":                       {list: "ab", hidden: "ab", refused: "ab", lastTry: "b"},
		"not both":                   {list: "abcd", together: "ad", refused: "abcd", lastTry: "cd"},
	} {
		t.Run(name, func(t *testing.T) {
			var refused, last string
			try := func(list []intake.Proposal) (map[int]string, error) {
				last = keysOf(list)
				bad := map[int]string{}
				for n, p := range list {
					if strings.Contains(tt.blamed, p.Changes[0].Person) {
						bad[n] = "no"
					}
				}
				if len(bad) > 0 {
					return bad, nil
				}
				if strings.ContainsAny(last, tt.hidden) || tt.together != "" && strings.Contains(last, tt.together[:1]) && strings.Contains(last, tt.together[1:]) {
					return nil, &somewhereError{"somewhere"}
				}
				return nil, nil
			}
			got, err := fitting(someProposals(tt.list), try, func(p intake.Proposal, _ string) { refused += p.Changes[0].Person })
			if err != nil {
				t.Fatal(err)
			}
			sorted := []byte(refused)
			slices.Sort(sorted)
			if diff := cmp.Diff([]string{tt.want, tt.refused, tt.lastTry}, []string{keysOf(got), string(sorted), last}); diff != "" {
				t.Errorf("fits, is refused, was tried last (-want +got):\n%s", diff)
			}
		})
	}
	broken := errors.New("disk")
	if _, err := fitting(someProposals("ab"), func([]intake.Proposal) (map[int]string, error) { return nil, broken }, nil); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

func someProposals(keys string) (list []intake.Proposal) {
	for _, key := range strings.Split(keys, "") {
		list = append(list, intake.Proposal{Changes: []propose.Change{{Person: key}}})
	}
	return list
}

func keysOf(list []intake.Proposal) (keys string) {
	for _, p := range list {
		keys += p.Changes[0].Person
	}
	return keys
}
