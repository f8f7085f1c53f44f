package ad

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// valueTemplate is a value of the settings that is filled in for each account. It is a
// template of package text/template, but only a small part of the language: text, fields,
// a few functions, and if. So every field that it may read is known before anybody's value
// is made, and "is it stated?" has one answer.
type valueTemplate struct {
	text   string
	path   org.Path // where it stands in the settings
	fields []string // those it reads, in order of name: Person.Name
	tree   *template.Template
}

// fault is something in the settings that orgit cannot follow.
type fault struct {
	path          org.Path
	message, hint string
}

// templateFunctions are what a template may call beside the comparisons of text/template.
func templateFunctions() template.FuncMap {
	return template.FuncMap{
		"lower": strings.ToLower,
		"upper": strings.ToUpper,
		"ascii": ascii,
		"short": func(n int, s string) (string, error) {
			if n < 1 {
				return "", errors.New("short needs a number of characters above 0")
			}
			return cut(s, n), nil
		},
		"default": func(otherwise, s string) string {
			if s == "" {
				return otherwise
			}
			return s
		},
	}
}

// allowedFunctions are the names of all functions that a template may call, in order.
func allowedFunctions() []string {
	return []string{"and", "ascii", "default", "eq", "lower", "ne", "not", "or", "short", "upper"}
}

// ascii writes a text with the letters of English, as addresses want them: æ as ae, ø as
// oe, å as aa, ß as ss; any other letter without its mark; the rest is left out.
func ascii(s string) string {
	danish := strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa", "Æ", "Ae", "Ø", "Oe", "Å", "Aa",
		"ß", "ss", "œ", "oe", "Œ", "Oe", "þ", "th", "Þ", "Th", "ð", "d", "Ð", "D", "đ", "d", "Đ", "D", "ł", "l", "Ł", "L", "ı", "i")
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII {
			return -1
		}
		return r
	}, norm.NFD.String(danish.Replace(norm.NFC.String(s))))
}

// parseTemplate reads a value of the settings. A fault says what is wrong with it.
func parseTemplate(text string, path org.Path) (*valueTemplate, *fault) {
	t := &valueTemplate{text: text, path: path}
	var err error
	t.tree, err = template.New("value").Option("missingkey=error").Funcs(templateFunctions()).Parse(text)
	if err != nil {
		return nil, &fault{path, "the template cannot be read: " + templateError(err), "fields are written {{.Person.Name}}; docs/active-directory.md lists them"}
	}
	if f := t.inspect(); f != nil {
		f.path = path
		return nil, f
	}
	slices.Sort(t.fields)
	t.fields = slices.Compact(t.fields)
	if f := t.try(); f != nil {
		return nil, f
	}
	return t, nil
}

var templatePlace = regexp.MustCompile(`^template: value(:\d+)*: (executing "value" at )?`)

// templateError is what package template says, without its name for the template.
func templateError(err error) string { return templatePlace.ReplaceAllString(err.Error(), "") }

// inspect walks through the template and refuses what is not in orgit's part of the language.
func (t *valueTemplate) inspect() *fault {
	if len(t.tree.Templates()) > 1 {
		return notAllowed("define and block")
	}
	if t.tree.Tree == nil || t.tree.Root == nil {
		return nil
	}
	return t.inspectList(t.tree.Root)
}

func notAllowed(what string) *fault {
	return &fault{message: "the template uses " + what + ", which orgit does not take",
		hint: "there are text, fields such as {{.Person.Name}}, {{if}} … {{else}} … {{end}}, and the functions " + strings.Join(allowedFunctions(), ", ")}
}

func (t *valueTemplate) inspectList(list *parse.ListNode) *fault {
	if list == nil {
		return nil
	}
	for _, n := range list.Nodes {
		var f *fault
		switch n := n.(type) {
		case *parse.TextNode:
		case *parse.ActionNode:
			f = t.inspectPipe(n.Pipe)
		case *parse.IfNode:
			if f = t.inspectPipe(n.Pipe); f == nil {
				f = t.inspectList(n.List)
			}
			if f == nil {
				f = t.inspectList(n.ElseList)
			}
		default:
			f = notAllowed(n.String())
		}
		if f != nil {
			return f
		}
	}
	return nil
}

func (t *valueTemplate) inspectPipe(pipe *parse.PipeNode) *fault {
	if len(pipe.Decl) > 0 {
		return notAllowed("the variable " + pipe.Decl[0].String())
	}
	for _, cmd := range pipe.Cmds {
		for _, arg := range cmd.Args {
			if f := t.inspectArgument(arg); f != nil {
				return f
			}
		}
	}
	return nil
}

func (t *valueTemplate) inspectArgument(arg parse.Node) *fault {
	switch n := arg.(type) {
	case *parse.StringNode, *parse.NumberNode, *parse.BoolNode:
		return nil
	case *parse.PipeNode:
		return t.inspectPipe(n)
	case *parse.IdentifierNode:
		if !slices.Contains(allowedFunctions(), n.Ident) {
			return notAllowed("the function " + n.Ident)
		}
		return nil
	case *parse.FieldNode:
		name := strings.Join(n.Ident, ".")
		if _, ok := fields()[name]; !ok {
			return unknownField(name)
		}
		t.fields = append(t.fields, name)
		return nil
	}
	return notAllowed(arg.String())
}

func unknownField(name string) *fault {
	f := &fault{message: "the template names the field ." + name + ", which there is not",
		hint: "docs/active-directory.md lists the fields"}
	var below []string
	for _, known := range fieldNames() {
		if strings.HasPrefix(known, name+".") {
			below = append(below, "."+known)
		}
	}
	switch near := schema.Nearest(name, fieldNames()); {
	case len(below) > 0:
		f.hint = "name one of its parts: " + strings.Join(below, ", ")
	case near != "":
		f.hint = "did you mean ." + near + "?"
	}
	return f
}

// try fills the template in with made-up values, so that what fails for everybody is said
// once and of the template: a number where a text is needed.
func (t *valueTemplate) try() *fault {
	for _, made := range []string{"x", ""} {
		values := map[string]string{}
		for _, name := range t.fields {
			values[name] = made
		}
		if _, err := t.fill(values); err != nil {
			return &fault{t.path, "the template fails: " + templateError(err), "functions take a field last: {{short 20 .Unit.Name}}, {{.Unit.Name | upper}}"}
		}
	}
	return nil
}

// fill makes the value of the fields' values. Blanks at its ends are left out.
func (t *valueTemplate) fill(values map[string]string) (string, error) {
	data := map[string]any{}
	for _, name := range t.fields {
		at, parts := data, strings.Split(name, ".")
		for _, part := range parts[:len(parts)-1] {
			if at[part] == nil {
				at[part] = map[string]any{}
			}
			at = at[part].(map[string]any) // no field is a part of another
		}
		at[parts[len(parts)-1]] = values[name]
	}
	var b strings.Builder
	if err := t.tree.Execute(&b, data); err != nil {
		return "", fmt.Errorf("fill in the template: %w", err)
	}
	return norm.NFC.String(strings.TrimSpace(b.String())), nil
}
