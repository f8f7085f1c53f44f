package main

import (
	"errors"

	"orgit.dk/orgit/org/intake"
)

// errSomewhere: the files would have an error, and none of the proposals that would bring it names the entry that it is about.
var errSomewhere = errors.New("the files would have an error")

// somewhereError is an errSomewhere, in words for people.
type somewhereError struct{ why string }

// Error says what would be wrong.
func (e *somewhereError) Error() string { return e.why }

// Is reports whether the error is of the kind.
func (e *somewhereError) Is(target error) bool { return target == errSomewhere }

// fitting gives the proposals of a list that can be carried out together, and refuses the others. try carries out a list, and
// says which of it do not fit, by their places; errSomewhere where it cannot say which. Then each half is tried alone, so that one
// proposal does not take all others with it. The last list that was tried is the one that is given.
func fitting(list []intake.Proposal, try func([]intake.Proposal) (map[int]string, error), refuse func(intake.Proposal, string)) ([]intake.Proposal, error) {
	for len(list) > 0 {
		bad, err := try(list)
		var kept []intake.Proposal
		switch {
		case errors.Is(err, errSomewhere):
			if kept, err = halves(list, err, try, refuse); err != nil {
				return nil, err
			}
		case err != nil:
			return nil, err
		case len(bad) == 0:
			return list, nil
		default:
			for n, p := range list {
				if why, is := bad[n]; is {
					refuse(p, why)
				} else {
					kept = append(kept, p)
				}
			}
		}
		list = kept
	}
	return nil, nil
}

// halves gives what fits of each half of a list. Where each half is whole by itself, it is not known who is to blame, and none of it
// is taken.
func halves(list []intake.Proposal, somewhere error, try func([]intake.Proposal) (map[int]string, error), refuse func(intake.Proposal, string)) ([]intake.Proposal, error) {
	var kept []intake.Proposal
	if len(list) > 1 {
		for _, half := range [][]intake.Proposal{list[:len(list)/2], list[len(list)/2:]} {
			fits, err := fitting(half, try, refuse)
			if err != nil {
				return nil, err
			}
			kept = append(kept, fits...)
		}
	}
	if len(kept) > 0 && len(kept) < len(list) || len(list) > 1 && len(kept) == 0 {
		return kept, nil
	}
	for _, p := range list {
		refuse(p, somewhere.Error())
	}
	return nil, nil
}
