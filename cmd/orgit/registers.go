package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/opus"
	"orgit.dk/orgit/org/source/os2mo"
	"orgit.dk/orgit/org/source/repository"
	"orgit.dk/orgit/org/source/sd"
	"orgit.dk/orgit/schema"
)

const registersHelp = `A register is named by its key in the setting sources, or by its kind, with where to read
it behind a =:

  opus=ZLPE20260901224012_delta.xml   the nightly file of KMD OPUS Løn, or a folder: the newest in it
  sd=FOLDER                           saved answers of SD-Løn's web services; sd alone asks SD
                                      (ORGIT_SD_USER, ORGIT_SD_PASSWORD_FILE)
  os2mo                               ORGIT_OS2MO_URL, ORGIT_OS2MO_TOKEN_URL, ORGIT_OS2MO_CLIENT_ID,
                                      ORGIT_OS2MO_SECRET_FILE
  ad=FILE.ldif                        a directory as ldifde and ldapsearch write it; ad alone asks the one of
                                      targets.ad (the variables of orgit plan)
  fkOrganisation                      FK Organisation, as targets.fkOrganisation says
  table=FILE.xlsx                     a spreadsheet, or .csv, with the headings of the setting columns
  repository=DIR                      another organisation repository`

// errRegister: what was given names no register, or not where it is.
var errRegister = errors.New("there is no such register")

// register is something outside that is to be read.
type register struct {
	key, kind, at string // at: a file or folder; empty: the register itself is asked
	settings      org.Source
	org           *org.Organisation // nil: there is no repository whose settings say more
}

// newRegister understands one argument: KEY, KEY=PLACE, KIND or KIND=PLACE. o may be nil.
func newRegister(o *org.Organisation, text string) (register, error) {
	key, at, _ := strings.Cut(text, "=")
	r := register{key: key, kind: key, at: at, org: o}
	if o != nil {
		if s, ok := o.Settings.Sources[key]; ok {
			r.kind, r.settings = s.Kind, s
		}
	}
	if !slices.Contains(registerKinds(), r.kind) {
		return r, invalidInput(fmt.Errorf("%w: %s", errRegister, key), "the kinds are "+strings.Join(registerKinds(), ", ")+"; others stand in the setting sources, with their kind")
	}
	if r.settings.Name == "" {
		r.settings.Name = map[string]string{
			"opus": "OPUS", "sd": "SD-Løn", "os2mo": "OS2mo", "repository": "orgit", "ad": "AD", "fkOrganisation": "FK Organisation", "table": "Regneark",
		}[r.kind]
	}
	return r, nil
}

func registerKinds() []string {
	return []string{"opus", "sd", "os2mo", "ad", "fkOrganisation", "table", "repository"}
}

// read reads the register whole, under the key that the settings have for it.
func (r register) read(ctx context.Context, env environment, day org.Day) (x *source.Extract, err error) {
	switch r.kind {
	case "opus":
		x, err = r.readOPUS()
	case "sd":
		x, err = r.readSD(ctx, env, day)
	case "os2mo":
		x, err = r.readOS2mo(ctx, env)
	case "ad":
		x, err = r.readAD(ctx, env, day)
	case "fkOrganisation":
		x, err = r.readFK(ctx, env)
	case "table":
		x, err = r.readTable(day)
	case "repository":
		x, err = r.readRepository(day)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", r.settings.Name, err)
	}
	x.Source, x.Name = r.key, r.settings.Name
	r.skip(x)
	return x, nil
}

func (r register) readOPUS() (x *source.Extract, err error) {
	if r.at == "" {
		return nil, invalidInput(errors.New("the file is missing"), r.key+"=FILE")
	}
	at, err := newestOPUS(r.at)
	if err != nil {
		return nil, invalidInput(err, "")
	}
	f, err := os.Open(at)
	if err != nil {
		return nil, invalidInput(err, "")
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	x, err = opus.Read(f, filepath.Base(at))
	if err != nil {
		return nil, invalidInput(err, "have payroll send the file again; nothing was taken from it")
	}
	return x, nil
}

// newestOPUS gives the newest of payroll's files in a folder, by the time in their names; of a file it gives the file.
func newestOPUS(at string) (string, error) {
	info, err := os.Stat(at)
	if err != nil || !info.IsDir() {
		return at, err
	}
	files, err := filepath.Glob(filepath.Join(at, "ZLPE*.xml"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s holds no file ZLPE….xml", at)
	}
	if err != nil {
		return "", err
	}
	return slices.Max(files), nil
}

func (r register) readSD(ctx context.Context, env environment, day org.Day) (*source.Extract, error) {
	opts := sd.Options{Day: day, Institutions: r.settings.Institutions, Since: day.Add(-30)}
	if len(opts.Institutions) == 0 {
		return nil, invalidInput(errors.New("it is not said which institutions"), "state sources."+r.key+".institutions in organisation.cue: their codes")
	}
	if r.at != "" {
		info, err := os.Stat(r.at)
		if err == nil && !info.IsDir() {
			err = fmt.Errorf("%s is no folder", r.at)
		}
		if err != nil {
			return nil, invalidInput(err, "give the folder with SD's answers")
		}
		opts.Since = ""
		x, err := sd.Read(ctx, sd.Folder{Files: os.DirFS(r.at)}, opts)
		if err != nil {
			return nil, invalidInput(err, "save SD's answers again, all of them; nothing was taken")
		}
		return x, nil
	}
	password, err := secret(env, "ORGIT_SD_PASSWORD")
	if err != nil {
		return nil, err
	}
	if env.getenv("ORGIT_SD_USER") == "" || len(password) == 0 {
		return nil, invalidInput(errors.New("ORGIT_SD_USER or ORGIT_SD_PASSWORD_FILE is not set"), "set both, or give a folder with saved answers: "+r.key+"=FOLDER")
	}
	service, err := sd.Connect(sd.Login{Address: r.settings.URL, User: env.getenv("ORGIT_SD_USER"), Password: string(password), Now: env.now})
	if err != nil {
		return nil, invalidInput(err, "")
	}
	return sd.Read(ctx, service, opts)
}

func (r register) readOS2mo(ctx context.Context, env environment) (*source.Extract, error) {
	opts := os2mo.Options{
		URL: cmp.Or(r.at, r.settings.URL, env.getenv("ORGIT_OS2MO_URL")), TokenURL: env.getenv("ORGIT_OS2MO_TOKEN_URL"), ClientID: env.getenv("ORGIT_OS2MO_CLIENT_ID"),
		Secret: func() (string, error) { text, err := secret(env, "ORGIT_OS2MO_SECRET"); return string(text), err }, Clock: env.now,
		Systems: map[string]string{"Active Directory": "ad", "AD": "ad"},
	}
	if opts.URL == "" || opts.TokenURL == "" || opts.ClientID == "" {
		return nil, invalidInput(errors.New("it is not said where OS2mo is, and as whom to log in"), "set ORGIT_OS2MO_URL, ORGIT_OS2MO_TOKEN_URL, ORGIT_OS2MO_CLIENT_ID and ORGIT_OS2MO_SECRET_FILE")
	}
	return os2mo.Read(ctx, nil, opts)
}

func (r register) readRepository(day org.Day) (*source.Extract, error) {
	if r.at == "" {
		return nil, invalidInput(errors.New("the folder is missing"), r.key+"=DIR")
	}
	o, findings, err := checkedFolder(r.at, day)
	if err != nil {
		return nil, err
	}
	if schema.HasErrors(findings) {
		return nil, invalidInput(fmt.Errorf("the files in %s have errors", r.at), "`orgit check` says which")
	}
	return repository.Extract(o, repository.Options{Source: r.key, Name: r.settings.Name, Day: day})
}

// skip leaves units out whose code the settings name, with all that is below them and the jobs in them.
func (r register) skip(x *source.Extract) {
	if len(r.settings.SkipUnits) == 0 {
		return
	}
	matches := func(u source.Unit) bool {
		s, _ := source.Near(u.States, x.Day)
		return slices.ContainsFunc(r.settings.SkipUnits, func(pattern string) bool {
			re := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$")
			return re.MatchString(u.ID) || re.MatchString(s.Code)
		})
	}
	source.WithoutUnits(x, matches)
}
