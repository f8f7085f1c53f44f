package org

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"orgit.dk/orgit/schema"
)

// sourceReferences finds classes that registers are said to speak of and that do not exist.
func (c *referenceCheck) sourceReferences() {
	for _, key := range sortedKeys(c.org.Settings.Sources) {
		s := c.org.Settings.Sources[key]
		path := func(fields ...string) Path { return PathOf("sources", key, fields...) }
		for _, table := range []struct {
			field   string
			classes map[string]string
		}{
			{"titles", s.Titles}, {"engagementTypes", s.EngagementTypes}, {"unitTypes", s.UnitTypes}, {"managerRoles", s.ManagerRoles},
		} {
			for _, code := range sortedKeys(table.classes) {
				c.see(path, "the source "+key, []reference{{[]string{table.field, code}, "classes." + table.field, table.classes[code]}})
			}
		}
	}
}

// usernameSystem finds that new accounts are to be made in a system that does not exist.
func (c *referenceCheck) usernameSystem() {
	path := func(fields ...string) Path { return Path(schema.JoinPath(append([]string{"usernames"}, fields...)...)) }
	c.see(path, "the rule for login names", []reference{{[]string{"system"}, "systems", c.org.Settings.Usernames.System}})
}

// source finds a class of approval that speaks of a register which is not configured. Until any register is, the rules may
// be written ahead.
func (c *reviewCheck) source(name string, class ReviewClass) {
	sources := c.org.Settings.Sources
	if _, ok := sources[class.Source]; ok || class.Source == "" || len(sources) == 0 {
		return
	}
	hint := "the sources are " + strings.Join(sortedKeys(sources), ", ")
	if near := schema.Nearest(class.Source, sortedKeys(sources)); near != "" {
		hint = "did you mean " + near + "?"
	}
	c.add(schema.Warning, "review-source", fmt.Sprintf("the class %s is for what comes from %s, which is no source: it fits nothing", name, class.Source),
		hint, "classes", name, "source")
}

// checkUsernames finds rules for login names that can never have an effect, or another one than they seem to.
func (o *Organisation) checkUsernames() []schema.Diagnostic {
	var findings []schema.Diagnostic
	rules := o.Settings.Usernames
	warn := func(message, hint string, at ...string) {
		path := Path(schema.JoinPath(append([]string{"usernames"}, at...)...))
		findings = append(findings, o.finding(schema.Warning, "username-rule", path, message, hint))
	}
	for i, pattern := range rules.Patterns {
		at := []string{"patterns", strconv.Itoa(i)}
		least, most := patternLength(pattern)
		stem := strings.TrimRight(pattern, "X")
		switch {
		case slices.Contains(rules.Patterns[:i], pattern):
			warn("the pattern "+pattern+" stands there twice: the second is never used", "take it out", at...)
		case stem == pattern && slices.ContainsFunc(rules.Patterns[:i], func(p string) bool { return strings.TrimRight(p, "X") == stem }):
			warn("the pattern "+pattern+" stands after the same with a number, which is used first", "let the one without a number stand first", at...)
		case least > LongestLogin:
			warn(fmt.Sprintf("the pattern %s gives at least %d characters, and a login name has at most %d: it gives none", pattern, least, LongestLogin), "shorten it", at...)
		case most > 0 && most < rules.MinLength:
			warn(fmt.Sprintf("the pattern %s gives at most %d characters, and usernames.minLength is %d: it gives none", pattern, most, rules.MinLength), "lengthen it, or lower minLength", at...)
		}
	}
	for _, letter := range sortedKeys(rules.Letters) {
		if small := strings.ToLower(letter); small != letter {
			warn(fmt.Sprintf("usernames.letters says what stands for %q, and names are read in small letters: it is never used", letter), "write "+strconv.Quote(small), "letters", letter)
		}
	}
	return findings
}

// patternLength is how many characters a pattern gives; most is 0 where it takes a part of a name whole.
func patternLength(pattern string) (least, most int) {
	least = len(pattern) - strings.Count(pattern, "*")
	if strings.Contains(pattern, "*") {
		return least, 0
	}
	return least, least
}
