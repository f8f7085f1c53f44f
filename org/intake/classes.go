package intake

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue/format"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// importedFile is the root file that holds the classes that registers brought, and by which
// code each register knows a class.
const importedFile = "imported.cue"

// classes find the class of a register's code or text, and make those that are missing.
type classes struct {
	org  *org.Organisation
	keys map[string]map[string]string            // by list: the key of each class of the settings by its name in small letters
	made map[string]map[string]string            // by list in classes: name by key
	maps map[string]map[string]map[string]string // by source and list in the source: class by code
	// texts are the codes (source, list, code) for which somebody has a text of their own: there the code does not tell the class.
	texts map[[3]string]bool
}

func newClasses(o *org.Organisation) *classes {
	return &classes{org: o, keys: map[string]map[string]string{}, made: map[string]map[string]string{}, maps: map[string]map[string]map[string]string{}, texts: map[[3]string]bool{}}
}

// list is one of the lists of classes.
type list struct {
	kind   string // as extracts call it
	field  string // in classes
	mapped string // in a source; empty: classes of this list have no codes
}

func titleList() list    { return list{source.ClassTitle, "titles", "titles"} }
func unitTypeList() list { return list{source.ClassUnitType, "unitTypes", "unitTypes"} }
func engagementList() list {
	return list{source.ClassEngagementType, "engagementTypes", "engagementTypes"}
}
func associationList() list { return list{source.ClassAssociationType, "associationTypes", ""} }
func roleList() list        { return list{source.ClassManagerRole, "managerRoles", "managerRoles"} }

func (c *classes) known(l list) map[string]org.Class {
	in := c.org.Settings.Classes
	return map[string]map[string]org.Class{
		"titles": in.Titles, "unitTypes": in.UnitTypes, "engagementTypes": in.EngagementTypes,
		"associationTypes": in.AssociationTypes, "managerRoles": in.ManagerRoles,
	}[l.field]
}

func stated(s org.Source, l list) map[string]string {
	return map[string]map[string]string{"titles": s.Titles, "unitTypes": s.UnitTypes, "engagementTypes": s.EngagementTypes, "managerRoles": s.ManagerRoles}[l.mapped]
}

// of gives the key of the class that a register's code and text mean: as the settings say,
// else the class of that name, else a new one. fallback is the text where the register has
// none.
func (c *classes) of(l list, x *source.Extract, code, text, fallback string) string {
	mapped := stated(c.org.Settings.Sources[x.Source], l)
	for _, said := range []string{code, text} {
		if key, ok := mapped[said]; ok && said != "" {
			return key
		}
	}
	if text == "" {
		text = className(x, l.kind, code)
	}
	if text == "" {
		text = fallback
	}
	key := c.named(l, text)
	switch own := className(x, l.kind, code); {
	case l.mapped == "" || own == "":
	case !strings.EqualFold(oneLine(own), oneLine(text)):
		c.texts[[3]string{x.Source, l.mapped, code}] = true
	case code != key:
		c.remember(x.Source, l.mapped, code, key)
	}
	return key
}

// named gives the key of the class with a name, and makes one where there is none.
func (c *classes) named(l list, text string) string {
	text = schema.MaskCPR(oneLine(text))
	if runes := []rune(text); len(runes) > longestName {
		text = strings.TrimSpace(string(runes[:longestName]))
	}
	if key := c.called(l, text); key != "" {
		return key
	}
	known := c.known(l)
	made := c.made[l.field]
	if made == nil {
		made = map[string]string{}
		c.made[l.field] = made
	}
	key := propose.KeyOf(text)
	if key == "" {
		key = "klasse"
	}
	for n, bare := 2, key; made[key] != "" || known[key].Name != ""; n++ {
		key = bare + "-" + strconv.Itoa(n)
	}
	made[key] = text
	c.keys[l.field][strings.ToLower(text)] = key
	return key
}

// called gives the key of the class of the settings with a name, whatever its capitals; empty when there is none.
func (c *classes) called(l list, text string) string {
	if c.keys[l.field] == nil {
		names := map[string]string{}
		known := c.known(l)
		for _, key := range slices.Sorted(maps.Keys(known)) {
			if low := strings.ToLower(known[key].Name); names[low] == "" {
				names[low] = key
			}
		}
		c.keys[l.field] = names
	}
	return c.keys[l.field][strings.ToLower(text)]
}

func (c *classes) remember(src, field, code, key string) {
	if oneLine(code) != code || len(schema.FindCPR(code)) > 0 {
		return // it cannot stand in a file
	}
	if c.maps[src] == nil {
		c.maps[src] = map[string]map[string]string{}
	}
	if c.maps[src][field] == nil {
		c.maps[src][field] = map[string]string{}
	}
	c.maps[src][field][code] = key
}

func className(x *source.Extract, kind, id string) string {
	i, ok := slices.BinarySearchFunc(x.Classes, [2]string{kind, id}, func(a source.Class, want [2]string) int {
		if a.Kind != want[0] {
			return strings.Compare(a.Kind, want[0])
		}
		return strings.Compare(a.ID, want[1])
	})
	if !ok {
		return ""
	}
	return x.Classes[i].Name
}

// file writes what has been made as a root file.
func (c *classes) file() ([]byte, error) {
	text, err := c.text("// De klasser, som registrene har ved den første indlæsning, og de koder, registrene kender dem på.\npackage org\n\n")
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", importedFile, err)
	}
	return text, nil
}

// text writes what has been made below what a file begins with, in order.
func (c *classes) text(beginning string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(beginning)
	for _, field := range slices.Sorted(maps.Keys(c.made)) {
		fmt.Fprintf(&b, "classes: %s: {\n", field)
		for _, key := range slices.Sorted(maps.Keys(c.made[field])) {
			fmt.Fprintf(&b, "\t%q: {name: %s}\n", key, strconv.Quote(c.made[field][key]))
		}
		b.WriteString("}\n\n")
	}
	for _, src := range slices.Sorted(maps.Keys(c.maps)) {
		if _, configured := c.org.Settings.Sources[src]; !configured {
			continue
		}
		for _, field := range slices.Sorted(maps.Keys(c.maps[src])) {
			fmt.Fprintf(&b, "sources: %q: %s: {\n", src, field)
			for _, code := range slices.Sorted(maps.Keys(c.maps[src][field])) {
				if c.texts[[3]string{src, field, code}] {
					continue
				}
				fmt.Fprintf(&b, "\t%q: %q\n", code, c.maps[src][field][code])
			}
			b.WriteString("}\n\n")
		}
	}
	return format.Source(b.Bytes())
}
