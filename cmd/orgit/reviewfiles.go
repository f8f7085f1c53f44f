package main

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"orgit.dk/orgit/internal/report"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/plan/view"
	"orgit.dk/orgit/schema"
)

// reportFiles are where findings are written for GitLab's widgets; what is empty is not written.
type reportFiles struct{ junit, codequality string }

// parseReports reads the values of --report.
func parseReports(values []string) (reportFiles, error) {
	var files reportFiles
	for _, value := range values {
		kind, file, _ := strings.Cut(value, "=")
		into := map[string]*string{"junit": &files.junit, "codequality": &files.codequality}[kind]
		if into == nil || file == "" {
			return files, invalidInput(fmt.Errorf("--report: %q is no report", value), "junit=FILE or codequality=FILE")
		}
		*into = file
	}
	return files, nil
}

// write writes the findings. refusals are why the plan of these files may not be carried out.
func (f reportFiles) write(suite string, findings []schema.Diagnostic, refusals []string) error {
	if f.junit != "" {
		cases := report.Cases(findings, "the organisation's files are in order")
		for _, says := range refusals {
			cases = append(cases, report.Case{Class: "plan", Name: says, Failure: says})
		}
		if err := writeReport(f.junit, func(w io.Writer) error { return report.JUnit(w, suite, cases) }); err != nil {
			return err
		}
	}
	if f.codequality == "" {
		return nil
	}
	return writeReport(f.codequality, func(w io.Writer) error { return report.CodeQuality(w, findings, "organisation.cue") })
}

// writeReport writes a file whole or not at all: GitLab takes half a report for one.
func writeReport(path string, write func(io.Writer) error) error {
	var data bytes.Buffer
	if err := write(&data); err != nil {
		return err
	}
	if err := os.WriteFile(path, data.Bytes(), 0o600); err != nil {
		return invalidInput(fmt.Errorf("write the report: %w", err), "name a file in a folder that is there and that you may write to")
	}
	return nil
}

// write writes everything beside the note: the plan as a file and as text, and the reports.
func (r *reviewRun) write(p *planning, made *plan.Plan) error {
	look := view.NewLookup(p.planned, made.Day)
	if r.opts.out != "" {
		if err := savePlan(r.opts.out, made); err != nil {
			return err
		}
	}
	if r.opts.text != "" {
		err := writeReport(r.opts.text, func(w io.Writer) error {
			return view.Text(w, made, look, view.TextOptions{Verbose: true, Width: 120})
		})
		if err != nil {
			return err
		}
	}
	if err := r.writeCounts(made); err != nil {
		return err
	}
	// The same findings as orgit check gives, so that GitLab compares like with like.
	findings, err := withTargets(p.env.stages, p.planned, p.day, slices.Clone(p.findings))
	if err != nil {
		return err
	}
	return r.opts.reports.write("orgit review", findings, view.Refusals(made, look))
}

// writeCounts writes a file of counts for each target and one for all of them.
func (r *reviewRun) writeCounts(made *plan.Plan) error {
	dir := r.opts.terraform
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return invalidInput(fmt.Errorf("make a folder for the counts: %w", err), "")
	}
	var all report.Counts
	for _, t := range made.Targets {
		counts := report.Counts(view.CountsOf(made, t.Name))
		all = all.Add(counts)
		if err := writeReport(filepath.Join(dir, countsFile(t.Name)), func(w io.Writer) error { return report.Terraform(w, counts) }); err != nil {
			return err
		}
	}
	return writeReport(filepath.Join(dir, "all.json"), func(w io.Writer) error { return report.Terraform(w, all) })
}

// countsFile names the file of a target's counts: a further domain's target has a colon in its name, which GitLab's
// patterns for artifacts and Windows do not like.
func countsFile(target string) string { return strings.ReplaceAll(target, ":", "-") + ".json" }

// address is where the whole plan can be read: the text among the job's artifacts, else all of them; empty outside CI.
func (r *reviewRun) address() string {
	job := r.env.getenv("CI_JOB_URL")
	if job == "" {
		return ""
	}
	root := r.env.getenv("CI_PROJECT_DIR")
	if file, err := filepath.Abs(r.opts.text); err == nil && r.opts.text != "" && root != "" {
		if within, err := filepath.Rel(root, file); err == nil && filepath.IsLocal(within) {
			return job + "/artifacts/file/" + (&url.URL{Path: filepath.ToSlash(within)}).EscapedPath()
		}
	}
	return job + "/artifacts/browse"
}
