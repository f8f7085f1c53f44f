package repository

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"text/template"

	"cuelang.org/go/cue/format"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/edit"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/synthetic"
	"orgit.dk/orgit/schema"
)

//go:embed all:files
var embedded embed.FS

// settings are all files but those of units and people: the embedded ones, of which some are templates, and the copy of
// the schema.
func settings() ([]file, error) {
	below, err := fs.Sub(embedded, "files")
	if err != nil {
		return nil, fmt.Errorf("read the settings of a town: %w", err)
	}
	files, err := filesBelow(below, "")
	if err != nil {
		return nil, fmt.Errorf("read the settings of a town: %w", err)
	}
	for i, f := range files {
		name, is := strings.CutSuffix(f.name, ".tmpl")
		if !is {
			continue
		}
		text, err := fill(f)
		if err != nil {
			return nil, err
		}
		files[i] = file{name, text}
	}
	copied, err := filesBelow(schema.Source(), schema.VendorDir)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	return append(files, copied...), nil
}

// fill fills a template with what any town may need.
func fill(f file) ([]byte, error) {
	t, err := template.New(f.name).Funcs(template.FuncMap{
		"quote": func(v any) string { return strconv.Quote(fmt.Sprint(v)) },
		"label": func(title string) string { return edit.Label("", propose.KeyOf(title)) },
		"class": func(task string) org.UUID { return org.DeriveUUID("synteby", "kle", task) },
	}).Parse(string(f.text))
	if err != nil {
		return nil, fmt.Errorf("read the template %s: %w", f.name, err)
	}
	var text bytes.Buffer
	if err := t.Execute(&text, struct{ Titles, Tasks []string }{synthetic.Titles(), synthetic.TaskGroups()}); err != nil {
		return nil, fmt.Errorf("fill the template %s: %w", f.name, err)
	}
	formatted, err := format.Source(text.Bytes())
	if err != nil {
		return nil, fmt.Errorf("format the file of the template %s: %w", f.name, err)
	}
	return formatted, nil
}
