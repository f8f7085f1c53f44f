package main

import (
	"bytes"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/korsbaek"
	"orgit.dk/orgit/schema"
)

const initHelp = `Make an organisation repository in DIR, which must be empty or not there yet: the
settings, the classes, the root unit, a copy of the schema, and the first commit in git.

With --sample the repository is Korsbæk Kommune, a municipality that does not exist.

With --pipeline the repository is the other one that GitLab needs: that of the pipeline,
which lies in a project of its own so that a branch of the organisation repository cannot
change the jobs that judge it. See docs/gitlab.md.`

//go:embed newrepo
var newRepository embed.FS

type initOptions struct {
	dir      string
	name     string
	cvr      string
	approver string
	sample   bool
	pipeline bool
}

func newInitCmd(env environment) *cobra.Command {
	var opts initOptions
	cmd := &cobra.Command{
		Use:   "init DIR",
		Short: "Make an organisation repository",
		Long:  initHelp,
		Example: `  orgit init organisation --name "Korsbæk Kommune" --cvr 99189703 --approver lone
  orgit init korsbaek --sample
  orgit init --pipeline orgit-ci`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.dir = args[0]
			for _, name := range []string{"name", "cvr", "approver", "sample"} {
				switch given := cmd.Flags().Changed(name); {
				case given && opts.pipeline:
					return invalidInput(fmt.Errorf("--%s does not go with --pipeline: the pipeline is the same for every municipality", name), "leave one of them out")
				case given && opts.sample && name != "sample":
					return invalidInput(fmt.Errorf("--%s does not go with --sample: the sample has its own", name), "leave one of them out")
				}
			}
			if opts.pipeline {
				return runInitPipeline(env, opts.dir)
			}
			return runInit(env, opts)
		},
	}
	cmd.Flags().StringVar(&opts.name, "name", "", "the municipality's name")
	cmd.Flags().StringVar(&opts.cvr, "cvr", "", "its CVR number")
	cmd.Flags().StringVar(&opts.approver, "approver", "", "the GitLab user who approves at first")
	cmd.Flags().BoolVar(&opts.sample, "sample", false, "make the sample municipality")
	cmd.Flags().BoolVar(&opts.pipeline, "pipeline", false, "make the project of the pipeline instead")
	return cmd
}

func runInit(env environment, opts initOptions) error {
	if err := emptyFolder(opts.dir); err != nil {
		return err
	}
	today, err := env.today()
	if err != nil {
		return err
	}
	write := korsbaek.Write
	if !opts.sample {
		values, err := opts.values()
		if err != nil {
			return err
		}
		write = values.write
	}
	name, err := opts.make(env, write, today)
	if err != nil {
		return errors.Join(err, emptyAgain(opts.dir))
	}
	fmt.Fprintf(env.stdout, "%s is in %s, with a first commit on the branch main.\nNext: orgit tree -C %s\n", name, opts.dir, opts.dir)
	return nil
}

// make writes the repository, checks it and commits it; it returns the municipality's name.
func (o initOptions) make(env environment, write func(string) error, today org.Day) (string, error) {
	if err := write(o.dir); err != nil {
		return "", err
	}
	made, findings, err := checkedFolder(o.dir, today)
	if err != nil {
		return "", err
	}
	if schema.HasErrors(findings) {
		printDiagnostics(env.stderr, errorsIn(findings))
		return "", errFaults
	}
	return made.Settings.Name, firstCommit(env, o.dir, "Opret organisationen "+made.Settings.Name)
}

// emptyAgain removes what was made in a folder that was empty before, so that the next
// attempt finds it so.
func emptyAgain(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
	return err
}

// emptyFolder refuses a folder that holds anything: init never writes over files.
func emptyFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return invalidInput(fmt.Errorf("open the folder: %w", err), "give a new folder")
	case len(entries) > 0:
		return invalidInput(fmt.Errorf("the folder %s is not empty", dir), "give a new folder")
	}
	return nil
}

// firstCommit makes a git repository of the folder and commits everything in it.
func firstCommit(env environment, dir, message string) error {
	repo, err := git.Init(dir, "main")
	if err != nil {
		return err
	}
	_, err = repo.CommitAll(git.Commit{Message: message, Author: author(env), When: env.now()})
	return err
}

// author is who the commits that orgit makes are by; git's own variables say otherwise.
func author(env environment) git.Author {
	a := git.Author{Name: env.getenv("GIT_AUTHOR_NAME"), Email: env.getenv("GIT_AUTHOR_EMAIL")}
	if a.Name == "" {
		a.Name = "orgit"
	}
	if a.Email == "" {
		a.Email = "orgit@localhost"
	}
	return a
}

// reformDay is the day since which today's municipalities exist (kommunalreformen): the
// root unit's first day, so that units may be older than the repository.
const reformDay = org.Day("2007-01-01")

// repositoryValues fill the templates of a new repository.
type repositoryValues struct {
	Name, CVR, Approver, RootKey, Binding, Version string
	RootUUID                                       org.UUID
	Day                                            org.Day
}

func (o initOptions) values() (*repositoryValues, error) {
	switch {
	case strings.TrimSpace(o.name) == "":
		return nil, invalidInput(errors.New("the municipality's name is missing"), `give it with --name, or try --sample`)
	case !cvrNumber.MatchString(o.cvr):
		return nil, invalidInput(fmt.Errorf("%q is not a CVR number: it has 8 digits, the first of them not 0", o.cvr), "give it with --cvr")
	case !regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`).MatchString(o.approver) && o.approver != "":
		return nil, invalidInput(fmt.Errorf("%q is not a user name in GitLab", o.approver), "give the name that stands after @ in GitLab, without the @")
	case o.approver == "":
		return nil, invalidInput(errors.New("the user who approves at first is missing"), "give a GitLab user name with --approver")
	}
	return &repositoryValues{
		Name: strings.TrimSpace(o.name), CVR: o.cvr, Approver: o.approver, RootKey: keyOf(o.name),
		Binding: schema.Binding, Version: releaseTag(), RootUUID: newUUID(), Day: reformDay,
	}, nil
}

// releaseTag is the version that a pipeline installs: this program's own when it is a
// release, else the newest.
func releaseTag() string {
	if strings.HasSuffix(version, "-dev") {
		return "latest"
	}
	return "v" + version
}

// newUUID makes a random UUID (version 4). It is safe for concurrent use: crypto/rand
// never fails and never gives an error (Go 1.24 on).
func newUUID() org.UUID {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return org.UUID(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]))
}

// keyOf makes a key of a name: Korsbæk Kommune becomes korsbaek-kommune.
func keyOf(name string) string {
	low := strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa").Replace(strings.ToLower(strings.TrimSpace(name)))
	key := strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(low, "-"), "-")
	if key == "" {
		return "kommunen"
	}
	return strings.TrimRight(key[:min(len(key), 60)], "-")
}

func (v *repositoryValues) write(dir string) error {
	files := map[string]string{
		"organisation.cue.tmpl": "organisation.cue",
		"classes.cue.tmpl":      "classes.cue",
		"templates.cue.tmpl":    "templates.cue",
		"root.cue.tmpl":         "units/" + v.RootKey + ".cue",
		"gitlab-ci.yml.tmpl":    ".gitlab-ci.yml",
		"CODEOWNERS.tmpl":       "CODEOWNERS",
		"README.md.tmpl":        "README.md",
	}
	for from, to := range files {
		text, err := rendered(newRepository, "newrepo/"+from, v)
		if err != nil {
			return err
		}
		if err := writeNew(filepath.Join(dir, filepath.FromSlash(to)), text); err != nil {
			return err
		}
	}
	module := fmt.Sprintf("module: \"kommune.example/organisation\"\nlanguage: version: %q\n", schema.LanguageVersion)
	if err := writeNew(filepath.Join(dir, "cue.mod", "module.cue"), []byte(module)); err != nil {
		return err
	}
	if err := os.CopyFS(filepath.Join(dir, filepath.FromSlash(schema.VendorDir)), schema.Source()); err != nil {
		return fmt.Errorf("write the schema: %w", err)
	}
	return nil
}

// rendered fills a template with values.
func rendered(files fs.FS, name string, values any) ([]byte, error) {
	t, err := template.New(path.Base(name)).Funcs(template.FuncMap{
		"quote": func(v any) string { return strconv.Quote(fmt.Sprint(v)) },
	}).ParseFS(files, name)
	if err != nil {
		return nil, fmt.Errorf("read the template %s: %w", name, err)
	}
	var text bytes.Buffer
	if err := t.Execute(&text, values); err != nil {
		return nil, fmt.Errorf("fill the template %s: %w", name, err)
	}
	return text.Bytes(), nil
}

// writeNew writes a file that must not be there yet.
func writeNew(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("make the folder of %s: %w", file, err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	if _, err := f.Write(text); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", file, err), f.Close())
	}
	return f.Close()
}
