package username

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"orgit.dk/orgit/schema"
)

// Folder is where a repository keeps the list of used login names: files of text, a name to a
// line, in order. A name stands there when its account is in no entry any more, or was in the
// directory before orgit; the list does not say whose it was.
const Folder = "usernames"

// file is where a name stands: names that begin alike stand together, so that two proposals
// seldom touch one file.
func file(login string) string {
	begin := []rune(fold(login))
	for i, r := range begin {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			begin[i] = '_'
		}
	}
	return path.Join(Folder, string(begin[:min(2, len(begin))])+".txt")
}

var loginShape = regexp.MustCompile(`^[^\s\p{C}"/\\\[\]:;|=,+*?<>@]{1,64}$`)

// Used reads the list of used login names. The diagnostics say which lines are none.
func Used(fsys fs.FS) ([]string, []schema.Diagnostic, error) {
	names, err := fs.Glob(fsys, Folder+"/*.txt")
	if err != nil {
		return nil, nil, fmt.Errorf("list %s: %w", Folder, err)
	}
	var used []string
	var findings []schema.Diagnostic
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, nil, fmt.Errorf("read %s: %w", schema.MaskCPR(name), err)
		}
		lines := bufio.NewScanner(strings.NewReader(string(text)))
		for n := 1; lines.Scan(); n++ {
			switch line := lines.Text(); {
			case !IsLogin(line):
				findings = append(findings, schema.Diagnostic{
					Severity: schema.Error, Code: "used-name", Position: schema.Position{File: name, Line: n, Column: 1},
					Message: "the line is no login name", Hint: "each line of " + Folder + "/ is one login name that has been used, and nothing else",
				}.Masked())
			default:
				used = append(used, line)
			}
		}
		if err := lines.Err(); err != nil {
			return nil, nil, fmt.Errorf("read %s: %w", schema.MaskCPR(name), err)
		}
	}
	slices.Sort(used)
	return used, findings, nil
}

// IsLogin reports whether a text can be a login name that stands on the list.
func IsLogin(text string) bool { return loginShape.MatchString(text) && len(schema.FindCPR(text)) == 0 }

// List gives the files of the list with further names in it: by name, the whole text of each
// file that changes.
func List(fsys fs.FS, more []string) (map[string][]byte, error) {
	files := map[string][]string{}
	for _, login := range more {
		files[file(login)] = append(files[file(login)], login)
	}
	changed := map[string][]byte{}
	for name, logins := range files {
		text, err := fs.ReadFile(fsys, name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		lines := append(strings.Fields(string(text)), logins...)
		slices.SortFunc(lines, func(a, b string) int { return cmp.Or(cmp.Compare(fold(a), fold(b)), cmp.Compare(a, b)) })
		now := strings.Join(slices.Compact(lines), "\n") + "\n"
		if now != string(text) {
			changed[name] = []byte(now)
		}
	}
	return changed, nil
}
