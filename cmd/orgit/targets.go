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
	awaited      fkorg.Known              // what is to be added to stated, when a reader comes to need it; nil: nothing
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
	margins org.Margins // how long before and after its period something counts in it
	desired func(*org.Organisation, org.Day) (plan.State, error)
	// ahead says what is asked for on a later day of those whom its changes can concern.
	ahead func(*org.Organisation) func(org.Day, org.Concern) (plan.State, error)
	// settings are what a snapshot of the target depends on; attributes are those that a read
	// for an organisation looks for beside the others (plan.Reading.Attributes).
	settings   any
	attributes func(*org.Organisation) map[string]string
	// seen gives what a snapshot holds as a read by somebody with the first knowledge would
	// give it; the second is what was known when it was read.
	seen func(a plan.Actual, now, then knowledge) plan.Actual

	// What follows needs connections, and is nil where there are none.
	read  func(context.Context, knowledge) (reader, error)
	bare  func(context.Context, knowledge) (reader, error) // for a snapshot
	write func(context.Context, knowledge, apply.Pass) (writer, error)
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

// statedTargets are the same systems without a way to reach them: they are what the
// settings say, and no secret is asked for.
func statedTargets(o *org.Organisation) []target {
	var list []target
	for _, domain := range ad.Domains(&o.Settings) {
		list = append(list, adStated(domain, o))
	}
	if o.Settings.Targets.FKOrganisation != nil {
		list = append(list, fkStated(o))
	}
	return list
}

// configured makes a fault in how to reach a system the user's to correct.
func configured(err error) error {
	return invalidInput(err, "connections are set in targets of organisation.cue, secrets in the environment; see `orgit plan --help`")
}

// adStated is a directory without a connection. o is what is approved.
func adStated(domain ad.Domain, o *org.Organisation) target {
	s := domain.Settings(o)
	return target{
		name: domain.Target(), mode: s.Mode, repair: s.Repair, desired: domain.Desired, ahead: domain.Ahead, margins: domain.Margins(o),
		settings: s, attributes: domain.Attributes,
		seen: func(a plan.Actual, now, _ knowledge) plan.Actual { return domain.Seen(a, now.organisation, o) },
	}
}

func adTarget(domain ad.Domain, o *org.Organisation, env environment) (target, error) {
	approved, err := domain.ConfigFrom(domain.Settings(o), env.getenv)
	if err != nil {
		return target{}, configured(err)
	}
	approved.Now, approved.Version = env.now, version
	approved.Warn = func(text string) {
		fmt.Fprintln(env.stderr, view.TargetName(domain.Target())+":", schema.MaskCPR(text))
	}
	config := adConfig{approved.Protecting(o)}
	t := adStated(domain, o)
	t.read = func(ctx context.Context, k knowledge) (reader, error) {
		reading, err := recognising(env, config.reading(k).Protecting(k.organisation))
		if err != nil {
			return nil, err
		}
		return ad.OpenReader(ctx, reading)
	}
	t.bare = func(ctx context.Context, k knowledge) (reader, error) {
		return ad.OpenReader(ctx, config.reading(k).Bare())
	}
	t.write = func(ctx context.Context, k knowledge, pass apply.Pass) (writer, error) {
		w, err := ad.OpenWriter(ctx, config.reading(k), pass)
		if err != nil {
			return nil, err
		}
		return w.WithPasswords(k.passwords[domain.Target()]), nil
	}
	return t, nil
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

// fkStated is FK Organisation without a connection. o is what is approved.
func fkStated(o *org.Organisation) target {
	s := o.Settings.Targets.FKOrganisation
	return target{
		name: fkorg.Target, mode: s.Mode, repair: s.Repair, desired: fkorg.Desired, ahead: fkorg.Ahead, settings: s,
		attributes: func(o *org.Organisation) map[string]string { return fkorg.Attributes(&o.Settings) },
		seen: func(a plan.Actual, now, then knowledge) plan.Actual {
			return fkorg.NewReader(nil, now.organisation, now.stated...).Seen(a, fkorg.NewReader(nil, then.organisation, then.stated...))
		},
	}
}

func fkTarget(o *org.Organisation, env environment) (target, error) {
	config, err := fkorg.ConfigFrom(&o.Settings, env.getenv, env.now)
	if err != nil {
		return target{}, configured(err)
	}
	config.NewUUID = func() string { return string(newUUID()) }
	client := fkorg.Open(config) // one for reading and writing, so that they share the token
	newReader := func(k knowledge) *fkorg.Reader { return fkorg.NewReader(client, k.organisation, k.stated...) }
	t := fkStated(o)
	t.read = func(_ context.Context, k knowledge) (reader, error) {
		return fkReader{Reader: newReader(k).Awaiting(k.awaited)}, nil
	}
	t.bare = func(_ context.Context, k knowledge) (reader, error) {
		return fkReader{Reader: newReader(k).Bare()}, nil
	}
	t.write = func(_ context.Context, k knowledge, pass apply.Pass) (writer, error) {
		w, err := fkorg.NewWriter(pass, newReader(k), config.NewUUID)
		if err != nil {
			return nil, err
		}
		return struct {
			*fkorg.Writer
			unclosed
		}{Writer: w.WithCPR(k.cpr)}, nil
	}
	return t, nil
}

type fkReader struct {
	*fkorg.Reader
	unclosed
}

// readWhole reads a target completely, by its read or its bare. What cannot be read ends
// the command: a plan from a part of the truth would be wrong.
func readWhole(ctx context.Context, t target, open func(context.Context, knowledge) (reader, error), k knowledge) (found plan.Actual, err error) {
	r, err := open(ctx, k)
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
