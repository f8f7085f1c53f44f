package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/fkorg"
	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/plan/view"
	"orgit.dk/orgit/schema"
)

// knowledge is what a target that keeps no marks of ownership needs to know of the
// organisation, to find in it what is orgit's.
type knowledge struct {
	organisation *org.Organisation
	stated       []map[plan.ID]bool       // State.Known of what is and was asked for
	passwords    map[string]*ad.Passwords // by target: what a writer gives new accounts; none: none
	cpr          *fkorg.CPRJoin           // what a writer gives persons their CPR numbers with; nil: it gives none
}

// reader reads what a target holds.
type reader interface {
	Actual(ctx context.Context) (plan.Actual, error)
	io.Closer
}

// writer is a connection that a run writes through.
type writer interface {
	apply.Writer
	io.Closer
}

// target is one system that the settings connect, with what a plan and a run need of it.
// To write one needs an apply.Pass, which only a plan that passed the gate has.
type target struct {
	name    string
	mode    string
	repair  []string
	shifts  []int // how many days after a day of the files (before it: negative) it does something more
	desired func(*org.Organisation, org.Day) (plan.State, error)
	read    func(context.Context, knowledge) (reader, error)
	write   func(context.Context, knowledge, apply.Pass) (writer, error)
}

// unclosed is a connection that holds nothing open between its calls.
type unclosed struct{}

// Close does nothing: there is nothing to close.
func (unclosed) Close() error { return nil }

// connectedTargets are the systems that the organisation's settings connect, in the order
// in which they are written: accounts exist before FK Organisation refers to them.
func connectedTargets(o *org.Organisation, env environment) ([]target, error) {
	var list []target
	for _, domain := range ad.Domains(&o.Settings) {
		t, err := adTarget(domain, o, env)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	if o.Settings.Targets.FKOrganisation != nil {
		t, err := fkTarget(o, env)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}

// configured makes a fault in how to reach a system the user's to correct.
func configured(err error) error {
	return invalidInput(err, "connections are set in targets of organisation.cue, secrets in the environment; see `orgit plan --help`")
}

func adTarget(domain ad.Domain, o *org.Organisation, env environment) (target, error) {
	s := domain.Settings(o)
	approved, err := domain.ConfigFrom(s, env.getenv)
	if err != nil {
		return target{}, configured(err)
	}
	approved.Now, approved.Version = env.now, version
	approved.Warn = func(text string) {
		fmt.Fprintln(env.stderr, view.TargetName(domain.Target())+":", schema.MaskCPR(text))
	}
	config := adConfig{approved.Protecting(o)}
	return target{
		name: domain.Target(), mode: s.Mode, repair: s.Repair, desired: domain.Desired,
		// Accounts are made ahead of their first day, and close when the hours of grace are over.
		shifts: []int{-s.PrepareDays, (s.GraceHours + 23) / 24},
		read: func(ctx context.Context, k knowledge) (reader, error) {
			reading, err := recognising(env, config.reading(k).Protecting(k.organisation))
			if err != nil {
				return nil, err
			}
			return ad.OpenReader(ctx, reading)
		},
		write: func(ctx context.Context, k knowledge, pass apply.Pass) (writer, error) {
			w, err := ad.OpenWriter(ctx, config.reading(k), pass)
			if err != nil {
				return nil, err
			}
			return w.WithPasswords(k.passwords[domain.Target()]), nil
		},
	}, nil
}

// adConfig is how to reach the directory, as it is approved.
type adConfig struct{ ad.Config }

// reading names the attributes that are read: those that the planned settings ask for, so
// that a plan that begins to manage an attribute shows what is there, and one that begins to
// recognise accounts by their CPR numbers knows which of them have one.
func (c adConfig) reading(k knowledge) ad.Config {
	if s := c.Domain.Settings(k.organisation); s != nil {
		return c.ReadingFor(s)
	}
	return c.Config
}

// recognising gives the configuration of a reader with the CPR numbers, where accounts are
// recognised by them and the store is configured. Plans of proposals are made where nobody
// may have them: there the plan says what it cannot know.
func recognising(env environment, config ad.Config) (ad.Config, error) {
	if config.CPRAttribute == "" {
		return config, nil
	}
	store, err := openCPRStore(env)
	if errors.Is(err, cpr.ErrNotConfigured) {
		return config, nil
	}
	if err != nil {
		return config, fmt.Errorf("%s recognises accounts by CPR numbers (match): %w", view.TargetName(config.Domain.Target()), err)
	}
	config.CPR = store
	return config, nil
}

func fkTarget(o *org.Organisation, env environment) (target, error) {
	config, err := fkorg.ConfigFrom(&o.Settings, env.getenv, env.now)
	if err != nil {
		return target{}, configured(err)
	}
	config.NewUUID = func() string { return string(newUUID()) }
	client := fkorg.Open(config) // one for reading and writing, so that they share the token
	s := o.Settings.Targets.FKOrganisation
	return target{
		name: fkorg.Target, mode: s.Mode, repair: s.Repair, desired: fkorg.Desired,
		read: func(_ context.Context, k knowledge) (reader, error) {
			return struct {
				*fkorg.Reader
				unclosed
			}{Reader: fkorg.NewReader(client, k.organisation, k.stated...)}, nil
		},
		write: func(_ context.Context, k knowledge, pass apply.Pass) (writer, error) {
			w, err := fkorg.NewWriter(pass, fkorg.NewReader(client, k.organisation, k.stated...), config.NewUUID)
			if err != nil {
				return nil, err
			}
			return struct {
				*fkorg.Writer
				unclosed
			}{Writer: w.WithCPR(k.cpr)}, nil
		},
	}, nil
}

// readWhole reads a target completely. What cannot be read ends the command: a plan from
// a part of the truth would be wrong.
func readWhole(ctx context.Context, t target, k knowledge) (found plan.Actual, err error) {
	r, err := t.read(ctx, k)
	if err != nil {
		return plan.Actual{}, fmt.Errorf("connect to %s: %w", t.name, err)
	}
	defer closeInto(r, &err)
	found, err = r.Actual(ctx)
	if err != nil {
		return plan.Actual{}, fmt.Errorf("read %s: %w", t.name, err)
	}
	return found, nil
}
