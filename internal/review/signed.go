package review

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/gitlab"
	"orgit.dk/orgit/org"
)

// Signatures knows which commits are signed by a key that the installation trusts: that of the web page, or of the job that
// imports. The keys come from the environment, never from a branch.
type Signatures interface {
	// Signer says by which trusted key a commit is signed. An error is no answer.
	Signer(ctx context.Context, commit string) (Signer, error)
}

// Signer is what a key is trusted to say. The zero Signer is no trusted key.
type Signer struct {
	Trusted bool     // the commit is signed by a trusted key: it says truly who proposed it
	Sources []string // the sources for which the key may speak
}

// Trailers that count on signed commits.
const (
	TrailerProposer = "Proposed-by" // a username in GitLab
	TrailerSource   = "Source"      // the source that the proposal was made from
)

// TrailerSourceDay says of which day that was which the source said. No approval depends on it.
const TrailerSourceDay = "Source-Day"

// SourceDay gives the day of which a source said what a commit does; empty where it does not come from that source, or names no day.
func SourceDay(message, source string) org.Day {
	from, days := trailers(message, TrailerSource), trailers(message, TrailerSourceDay)
	if len(from) != 1 || from[0] != source || len(days) != 1 {
		return ""
	}
	day, err := org.ParseDay(days[0])
	if err != nil {
		return ""
	}
	return day
}

// Signed reads what the signed commits of a merge request say. proposers are those they name; each of them is one more
// person whose approval does not count. source is the one that all commits name, and empty where one of them is not signed,
// names none, names another, or one for which its key may not speak: a single commit by hand among those of an import makes it the hand's proposal.
func Signed(ctx context.Context, keys Signatures, commits []gitlab.Commit) (proposers []string, source string, err error) {
	sources := map[string]bool{}
	for _, c := range commits {
		var signer Signer
		if keys != nil {
			if signer, err = keys.Signer(ctx, c.ID); err != nil {
				return nil, "", fmt.Errorf("check the signature of %s: %w", c.ID, err)
			}
		}
		if signer.Trusted {
			proposers = append(proposers, trailers(c.Message, TrailerProposer)...)
		}
		from := trailers(c.Message, TrailerSource)
		if !signer.Trusted || len(from) != 1 || !slices.Contains(signer.Sources, from[0]) {
			from = []string{""}
		}
		sources[from[0]] = true
	}
	slices.Sort(proposers)
	if names := sortedKeys(sources); len(names) == 1 {
		source = names[0]
	}
	return slices.Compact(proposers), source, nil
}

// trailers gives the values of a trailer: lines "Name: value" of the last paragraph of a message.
func trailers(message, name string) []string {
	paragraphs := strings.Split(strings.TrimSpace(strings.ReplaceAll(message, "\r\n", "\n")), "\n\n")
	if len(paragraphs) < 2 {
		return nil // a subject alone
	}
	var values []string
	for _, line := range strings.Split(paragraphs[len(paragraphs)-1], "\n") {
		key, value, ok := strings.Cut(line, ":")
		if value = strings.TrimSpace(value); ok && value != "" && strings.EqualFold(strings.TrimSpace(key), name) {
			values = append(values, value)
		}
	}
	return values
}
