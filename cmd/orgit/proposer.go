package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/internal/review"
	"orgit.dk/orgit/internal/sshsig"
)

// proposer is who proposes, where orgit works with a token that is not theirs: GitLab then knows the token's user alone, and
// would let them approve what they have proposed. Their name counts because a key has signed it that the review trusts
// (see trustedKeys). It is not the key of the evidence, with which nothing that a branch says may ever be signed.
type proposer struct {
	username string
	key      *sshsig.Key
}

// usernameShape is what GitLab takes for a username. Nothing else goes into a commit's message, which could say more than one
// thing with it.
var usernameShape = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$`)

// errNobodyProposes: a key is there to say who proposes, and it is not known who does.
var errNobodyProposes = errors.New("it is not known who proposes")

// newProposer is nil where the environment names no key to sign with.
func newProposer(env environment) (*proposer, error) {
	key, err := sshKey(env, "ORGIT_PROPOSAL_KEY")
	if err != nil || key == nil {
		return nil, err
	}
	name := operator(env)
	if name == "" {
		return nil, invalidInput(errNobodyProposes, "say it in ORGIT_OPERATOR: the username in GitLab of the person who does, or take ORGIT_PROPOSAL_KEY_FILE away")
	}
	if !usernameShape.MatchString(name) {
		return nil, invalidInput(fmt.Errorf("%w: %q is no username in GitLab", errNobodyProposes, name), "correct ORGIT_OPERATOR")
	}
	return &proposer{name, key}, nil
}

// sign lets a commit say who proposes it. A nil proposer says nothing.
func (p *proposer) sign(c *git.Commit) {
	if p == nil {
		return
	}
	if !strings.Contains(c.Message, "\n\n") { // a subject alone: trailers are a paragraph of their own
		c.Message += "\n"
	}
	c.Message += review.TrailerProposer + ": " + p.username + "\n"
	c.Signer = p.key
}
