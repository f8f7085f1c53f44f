package main

import (
	"context"
	"fmt"
	"io"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/fkorg"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

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
	desired func(*org.Organisation, org.Day) (plan.State, error)
	read    func(context.Context) (reader, error)
	write   func(context.Context, apply.Pass) (writer, error)
}

// connectedTargets are the systems that the settings connect, in the order in which they
// are written: accounts exist before FK Organisation refers to them.
func connectedTargets(s org.Settings, getenv func(string) string, now clock) ([]target, error) {
	var list []target
	if s.Targets.AD != nil {
		t, err := adTarget(s, getenv)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	if s.Targets.FKOrganisation != nil {
		t, err := fkTarget(s, getenv, now)
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

func adTarget(s org.Settings, getenv func(string) string) (target, error) {
	config, err := ad.ConfigFrom(s.Targets.AD, getenv)
	if err != nil {
		return target{}, configured(err)
	}
	return target{
		name: ad.Target, mode: s.Targets.AD.Mode, repair: s.Targets.AD.Repair, desired: ad.Desired,
		read: func(ctx context.Context) (reader, error) { return ad.OpenReader(ctx, config) },
		write: func(ctx context.Context, pass apply.Pass) (writer, error) {
			return ad.OpenWriter(ctx, config, pass)
		},
	}, nil
}

func fkTarget(s org.Settings, getenv func(string) string, now clock) (target, error) {
	config, err := fkorg.ConfigFrom(s.Targets.FKOrganisation, getenv)
	if err != nil {
		return target{}, configured(err)
	}
	config.Now = now
	return target{
		name: fkorg.Target, mode: s.Targets.FKOrganisation.Mode, repair: s.Targets.FKOrganisation.Repair, desired: fkorg.Desired,
		read: func(ctx context.Context) (reader, error) { return fkorg.OpenReader(ctx, config) },
		write: func(ctx context.Context, pass apply.Pass) (writer, error) {
			return fkorg.OpenWriter(ctx, config, pass)
		},
	}, nil
}

// readAll reads every target completely. What cannot be read ends the command: a plan
// from a part of the truth would be wrong.
func readAll(ctx context.Context, targets []target) (map[string]plan.Actual, error) {
	found := make(map[string]plan.Actual, len(targets))
	for _, t := range targets {
		r, err := t.read(ctx)
		if err != nil {
			return nil, fmt.Errorf("connect to %s: %w", t.name, err)
		}
		actual, err := r.Actual(ctx)
		if closeErr := r.Close(); err == nil && closeErr != nil {
			err = closeErr
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", t.name, err)
		}
		found[t.name] = actual
	}
	return found, nil
}
