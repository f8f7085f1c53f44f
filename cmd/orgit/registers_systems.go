package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/apply/ad"
	"orgit.dk/orgit/apply/fkorg"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	addirectory "orgit.dk/orgit/org/source/directory"
	spreadsheets "orgit.dk/orgit/org/source/table"
)

// readAD reads the directory of targets.ad, or a file in LDIF.
func (r register) readAD(ctx context.Context, env environment, day org.Day) (x *source.Extract, err error) {
	domain := ad.Domain{}
	opts := addirectory.Options{BaseDN: env.getenv("ORGIT_AD_BASE_DN")}
	if r.org != nil && r.org.Settings.Targets.AD != nil {
		opts = domain.SourceOptions(r.org.Settings.Targets.AD)
		opts.BaseDN = cmp.Or(env.getenv("ORGIT_AD_BASE_DN"), opts.BaseDN)
	}
	opts.Day, opts.Number = day, r.settings.NumberAttribute
	opts.Service, opts.Admin = accountsLike(r.settings.ServiceAccounts), accountsLike(r.settings.AdminAccounts)
	if r.at == "" {
		if r.org == nil {
			return nil, invalidInput(errors.New("it is not said where the directory is"), "give a file (ad=FILE.ldif), or a repository with targets.ad (-C DIR)")
		}
		config, err := domain.ConfigFrom(r.org.Settings.Targets.AD, env.getenv)
		if err != nil {
			return nil, configured(err)
		}
		config.Now, config.Version = env.now, version
		config.Warn = func(text string) { fmt.Fprintln(env.stderr, "AD: "+text) }
		x, err := ad.Source(ctx, config, opts)
		if errors.Is(err, addirectory.ErrIncomplete) {
			err = fmt.Errorf("%w: %w", apply.ErrUnreachable, err)
		}
		return x, err
	}
	if opts.BaseDN == "" {
		return nil, invalidInput(errors.New("it is not said which part of the directory is the organisation"), "set ORGIT_AD_BASE_DN, such as OU=Organisation,DC=korsbaek,DC=example, or targets.ad.baseDN")
	}
	f, err := os.Open(r.at)
	if err != nil {
		return nil, invalidInput(err, "")
	}
	defer closeInto(f, &err)
	opts.Document = filepath.Base(r.at)
	x, err = addirectory.FromLDIF(f, opts)
	if err != nil {
		return nil, invalidInput(err, "export it again, whole; nothing was taken from it")
	}
	return x, nil
}

func accountsLike(p org.AccountPattern) addirectory.Pattern {
	return addirectory.Pattern{Logins: p.Logins, OUs: p.OUs}
}

// readFK reads FK Organisation as targets.fkOrganisation says.
func (r register) readFK(ctx context.Context, env environment) (*source.Extract, error) {
	if r.org == nil || r.org.Settings.Targets.FKOrganisation == nil {
		return nil, invalidInput(errors.New("it is not said how to reach FK Organisation"), "state targets.fkOrganisation in the repository, and name it with -C DIR")
	}
	config, err := fkorg.ConfigFrom(&r.org.Settings, env.getenv, env.now)
	if err != nil {
		return nil, configured(err)
	}
	config.NewUUID = func() string { return string(newUUID()) }
	return fkorg.Source(ctx, fkorg.Open(config), &r.org.Settings, fkorg.SourceOptions{Source: r.key, Name: r.settings.Name})
}

// readTable reads a spreadsheet. Its faults are for whoever filled it in, so they are in Danish, each with its cell.
func (r register) readTable(day org.Day) (*source.Extract, error) {
	if r.at == "" {
		return nil, invalidInput(errors.New("the file is missing"), r.key+"=FILE.xlsx")
	}
	data, err := os.ReadFile(r.at)
	if err != nil {
		return nil, invalidInput(err, "")
	}
	x, err := spreadsheets.Read(filepath.Base(r.at), data, spreadsheets.Options{Source: r.key, Name: r.settings.Name, Day: day, Columns: r.settings.Columns})
	var faulty *spreadsheets.FaultError
	if errors.As(err, &faulty) {
		return nil, invalidInput(err, faulty.Faults[0].String())
	}
	if err != nil {
		return nil, invalidInput(err, "")
	}
	return x, nil
}
