// Package username makes login names (brugernavne) by the municipality's own rules.
//
// The rules stand in the settings ([org.Usernames]): patterns that are tried in order, words
// that are forbidden, what stands for letters that a login name cannot have. The same name,
// rules and taken names always give the same login name, so that what a proposal shows is
// what is made.
//
// A name is free when nobody has it, has ever had it, or is going to: see [Taken]. Names are
// compared as Windows does it, without case and diacritics, so that åse is not given beside
// ase.
package username

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"orgit.dk/orgit/org"
)

// Errors of [Choose], for whoever says them in words of their own.
var (
	ErrNoneFits = errors.New("no pattern of usernames.patterns fits the name")
	ErrAllTaken = errors.New("all login names that the patterns give are taken")
)

// Choose gives the first name by the rules that is not taken. The error says what was tried,
// in words for whoever proposes.
func Choose(rules org.Usernames, name org.Name, taken func(login string) bool) (string, error) {
	if len(rules.Patterns) == 0 {
		return "", fmt.Errorf("no rules for login names are stated: state usernames.patterns in organisation.cue, or give the name")
	}
	tried := 0
	for login := range Candidates(rules, name) {
		if !taken(login) {
			return login, nil
		}
		tried++
	}
	if tried == 0 {
		return "", fmt.Errorf("%w (%s): its parts are too short, missing, or give forbidden words; give the login name, or add a pattern",
			ErrNoneFits, strings.Join(rules.Patterns, ", "))
	}
	return "", fmt.Errorf("%w: %d were tried (%s); give the login name, or add a pattern", ErrAllTaken, tried, strings.Join(rules.Patterns, ", "))
}

// Candidates gives the names that the rules allow for somebody, in order. A pattern that asks
// for a part of the name that is missing or too short is passed over, and so is what is
// forbidden, too short or too long.
func Candidates(rules org.Usernames, name org.Name) iter.Seq[string] {
	return func(yield func(string) bool) {
		p := partsOf(rules, name)
		for i, pattern := range rules.Patterns {
			stem := strings.TrimRight(pattern, "X")
			text, ok := p.fill(stem)
			if !ok || Forbidden(rules, text) {
				continue
			}
			digits := len(pattern) - len(stem)
			first := 1
			if slices.Contains(rules.Patterns[:i], stem) {
				first = 2 // the name without a number is the first
			}
			for login := range numbered(text, digits, first) {
				if len(login) >= rules.MinLength && len(login) <= org.LongestLogin && !Forbidden(rules, login) && !yield(login) {
					return
				}
			}
		}
	}
}

// numbered gives a text with each number of so many digits, from first on; without digits the
// text alone.
func numbered(text string, digits, first int) iter.Seq[string] {
	return func(yield func(string) bool) {
		if digits == 0 {
			yield(text)
			return
		}
		for n := first; len(strconv.Itoa(n)) <= digits; n++ {
			if !yield(fmt.Sprintf("%s%0*d", text, digits, n)) {
				return
			}
		}
	}
}

// Forbidden reports whether a name is, with or without its number, one of the forbidden words.
func Forbidden(rules org.Usernames, login string) bool {
	login = strings.ToLower(login)
	bare := strings.TrimRight(login, "0123456789")
	return slices.ContainsFunc(rules.Forbidden, func(word string) bool {
		core := strings.Trim(word, "*")
		before, after := strings.HasPrefix(word, "*"), strings.HasSuffix(word, "*")
		for _, text := range []string{login, bare} {
			switch {
			case text == core,
				before && after && strings.Contains(text, core),
				before && strings.HasSuffix(text, core),
				after && strings.HasPrefix(text, core):
				return true
			}
		}
		return false
	})
}
