package change

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// settings says what differs in the root files, down to the single value: whoever judges
// a change of the rules has to see the rule. Field is the section and what lies below it,
// with dots.
func (c *comparison) settings() {
	was, is := c.base.org, c.head.org
	c.setting(nil, tree(was.Settings), tree(is.Settings))
	c.setting([]string{"systems"}, entryTree(was.Systems), entryTree(is.Systems))
	c.setting([]string{"roleGroups"}, entryTree(was.RoleGroups), entryTree(is.RoleGroups))
	c.setting([]string{"assignments"}, entryTree(was.Assignments), entryTree(is.Assignments))
	c.setting([]string{"conflicts"}, entryTree(was.Conflicts), entryTree(is.Conflicts))
	c.setting([]string{"allowances"}, entryTree(was.Allowances), entryTree(is.Allowances))
}

// tree gives a value of the settings as it stands in JSON.
func tree(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		return nil // unreachable: the settings hold only plain values
	}
	var t any
	if err := json.Unmarshal(data, &t); err != nil {
		return nil // unreachable: it was written by Marshal
	}
	return t
}

func (c *comparison) setting(at []string, was, is any) {
	was, is = stated(was), stated(is)
	before, isA := was.(map[string]any)
	now, isB := is.(map[string]any)
	if (isA || was == nil) && (isB || is == nil) && (isA && isB || len(at) < 2) {
		keys := map[string]bool{}
		for _, side := range []map[string]any{before, now} {
			for k := range side {
				keys[k] = true
			}
		}
		for _, k := range slices.Sorted(maps.Keys(keys)) {
			c.setting(append(slices.Clone(at), k), before[k], now[k])
		}
		return
	}
	if reflect.DeepEqual(was, is) {
		return
	}
	from, to := settingText(was), settingText(is)
	if from == to { // a rule that only holds zeros came or went
		from, to = settingJSON(was), settingJSON(is)
	}
	c.add(Change{
		Kind: Settings, Subject: Subject{Kind: SubjectSettings, Name: c.head.org.Settings.Name},
		Field: strings.Join(at, "."), From: from, To: to, Path: settingPath(at),
	})
}

// stated gives nothing for an empty text and an empty list, which say the same as nothing.
func stated(v any) any {
	if list, ok := v.([]any); ok && len(list) == 0 || v == "" {
		return nil
	}
	return v
}

// settingText writes a value of the settings on one line: lists with commas, structs as
// name: value and, within another, name (value), without what is empty.
func settingText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		texts := make([]string, len(v))
		for i := range v {
			texts[i] = settingText(v[i])
		}
		return strings.Join(texts, ", ")
	case map[string]any:
		if text := structText(v, isZero); text != "" {
			return text
		}
		return structText(v, func(any) bool { return false }) // a rule that is all zeros is still a rule
	}
	return ""
}

func structText(fields map[string]any, skip func(any) bool) string {
	var texts []string
	for _, k := range slices.Sorted(maps.Keys(fields)) {
		text := settingText(fields[k])
		_, nested := fields[k].(map[string]any)
		switch {
		case text == "" || skip(fields[k]):
		case nested:
			texts = append(texts, k+" ("+text+")")
		default:
			texts = append(texts, k+": "+text)
		}
	}
	return strings.Join(texts, ", ")
}

func isZero(v any) bool { return v == 0.0 || v == false }

func settingJSON(v any) string {
	if v == nil {
		return ""
	}
	data, err := json.Marshal(v)
	if err != nil {
		return "" // unreachable: it was read from JSON
	}
	return string(data)
}

// settingPath writes the path with the keys that people choose in quotes.
func settingPath(at []string) org.Path {
	if slices.Contains(schema.EntryKinds(), at[0]) {
		return org.Path(schema.JoinPath(at...))
	}
	var b strings.Builder
	for i, name := range at {
		if i > 0 {
			b.WriteByte('.')
		}
		if i > 0 && keysBelow(at[:i]) {
			b.WriteString(strconv.Quote(name))
		} else {
			b.WriteString(name)
		}
	}
	return org.Path(b.String())
}

// keysBelow reports whether the names directly below are keys that people choose.
func keysBelow(at []string) bool {
	switch strings.Join(at, ".") {
	case "hierarchies", "limits", "review.classes", "targets.domains":
		return true
	}
	if len(at) == 2 {
		return at[0] == "classes" || at[0] == "limits"
	}
	return keysBelowDomain(at)
}

// keysBelowDomain is keysBelow for the settings of a directory: targets.ad, or one of targets.domains.
func keysBelowDomain(at []string) bool {
	below, further := strings.Join(at, "."), len(at) > 3 && at[0] == "targets" && at[1] == "domains"
	switch {
	case further:
		below = strings.Join(at[3:], ".")
	case strings.HasPrefix(below, "targets.ad."):
		below = strings.TrimPrefix(below, "targets.ad.")
	default:
		return false
	}
	return below == "attributes" || below == "areas" || below == "passwords.recipients"
}
