package intake

import (
	"cmp"
	"fmt"

	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// class gives the key of the class that the register means; empty where none is called so: a
// night makes no classes.
func (n *night) class(l list, code, text string) string {
	mapped := stated(n.source, l)
	for _, said := range []string{code, text} {
		if key, ok := mapped[said]; ok && said != "" {
			return key
		}
	}
	return n.classes.called(l, cmp.Or(text, className(n.x, l.kind, code), code))
}

// askClass asks about the title or type of an engagement where it is no class.
func (n *night) askClass(question string, entry [2]string, at source.Origin, says, stands string, s source.EngagementState) {
	n.ask(question, entry, at, says, stands)
	switch question {
	case AskTitle:
		n.lacks(titleList(), s.TitleCode, s.Title)
	case AskType:
		n.lacks(engagementList(), s.Type, className(n.x, source.ClassEngagementType, s.Type))
	}
}

// lacks notes a class that is missing. It is called as the register calls it, or by its code where that is all there is.
func (n *night) lacks(l list, code, text string) {
	name := cmp.Or(oneLine(text), oneLine(className(n.x, l.kind, code)), oneLine(code))
	if name == "" || schema.MaskCPR(name) != name || schema.IsMasked(name) {
		return
	}
	n.missing.of(l, n.x, code, text, code)
}

// missingClasses writes the classes that are missing. Who decides about them is not whoever approves what payroll says, so they are
// no part of a proposal.
func (n *night) missingClasses() error {
	if len(n.missing.made) == 0 {
		return nil
	}
	text, err := n.missing.text("")
	if err != nil {
		return fmt.Errorf("write the classes that %s has and the settings have not: %w", n.name(), err)
	}
	n.out.Classes = string(text)
	return nil
}
