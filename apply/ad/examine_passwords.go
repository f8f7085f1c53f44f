package ad

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/org"
)

// ExaminePasswords says whether first passwords can be handed over as it is configured;
// nothing where orgit gives none. It runs no command and writes no file.
func (x Domain) ExaminePasswords(s *org.ADSettings) []apply.Check {
	if s == nil || s.Passwords == nil {
		return nil
	}
	check := apply.Check{Subject: "first passwords", State: apply.CheckGood}
	text, err := x.handOverPlace(s.Passwords)
	if err != nil {
		check.State, check.Text = apply.CheckFault, err.Error()
		check.Err = fmt.Errorf("%w: %w", ErrNotConfigured, err)
		check.Hint = "correct " + x.setting() + ".passwords in organisation.cue, or what it names on this machine"
		return []apply.Check{check}
	}
	check.Text = text
	return []apply.Check{check}
}

// handOverPlace says where passwords go.
func (x Domain) handOverPlace(s *org.ADPasswords) (string, error) {
	if err := x.checkPasswords(s); err != nil {
		return "", err
	}
	if len(s.Command) > 0 {
		at, err := exec.LookPath(s.Command[0])
		if err != nil {
			return "", fmt.Errorf("the command cannot be run: %w", err)
		}
		return "handed over to " + at, nil
	}
	info, err := os.Stat(s.Folder)
	switch {
	case err != nil:
		return "", fmt.Errorf("the folder cannot be used: %w", err)
	case !info.IsDir():
		return "", errors.New("the folder cannot be used: " + s.Folder + " is none")
	}
	return "written to " + s.Folder + ", encrypted", nil
}
