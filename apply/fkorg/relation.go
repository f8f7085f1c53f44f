package fkorg

import (
	"fmt"
	"strings"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Reference points to an object or a class. Some clients write UUIDs as URNs, and the service answers as it was
// written to: Vaerdi counts, the wrapping does not.
type Reference struct {
	Vaerdi string
	URN    bool
	Label  string // added by the service to roles, for people
}

// Til is a reference to a UUID.
func Til(uuid string) Reference { return Reference{Vaerdi: uuid} }

// ErTil reports whether the reference points to the UUID.
func (r Reference) ErTil(uuid string) bool { return sammeUUID(r.Vaerdi, uuid) }

// UUID is the UUID that is referred to, in lower case and unwrapped.
func (r Reference) UUID() string {
	return strings.TrimPrefix(strings.ToLower(strings.TrimSpace(r.Vaerdi)), "urn:uuid:")
}

func laesReference(n *xmltree.Node) Reference {
	r := Reference{Label: n.Child(nsSagDok, "Label").RawContent()}
	if u := n.Child(nsSagDok, "URNIdentifikator"); u != nil {
		r.Vaerdi, r.URN = u.Content(), true
		return r
	}
	r.Vaerdi = n.Child(nsSagDok, "UUIDIdentifikator").Content()
	return r
}

func (r Reference) node(navn string) *xmltree.Node {
	if r.Vaerdi == "" {
		return nil
	}
	wrap := "UUIDIdentifikator"
	if r.URN {
		wrap = "URNIdentifikator"
	}
	return xmltree.Element(nsSagDok, navn, xmltree.Leaf(nsSagDok, wrap, r.Vaerdi)).Add(valgfri("Label", r.Label))
}

// Relation is an entry of a relation list. Rolle, Type and Indeks belong to Adresser and Opgaver only.
type Relation struct {
	Navn     string // element name: Overordnet, Adresser …
	Virkning Virkning
	Ref      Reference
	Rolle    Reference
	Type     Reference
	Indeks   string
}

func laesRelation(n *xmltree.Node) (Relation, error) {
	v, err := laesVirkning(n.Child(nsSagDok, "Virkning"))
	if err != nil {
		return Relation{}, fmt.Errorf("%s: %w", n.Name.Local, err)
	}
	return Relation{
		Navn:     n.Name.Local,
		Virkning: v,
		Ref:      laesReference(n.Child(nsSagDok, "ReferenceID")),
		Rolle:    laesReference(n.Child(nsSagDok, "Rolle")),
		Type:     laesReference(n.Child(nsSagDok, "Type")),
		Indeks:   n.Child(nsSagDok, "Indeks").RawContent(),
	}, nil
}

func (r Relation) node() *xmltree.Node {
	n := xmltree.Element(nsSagDok, r.Navn).Add(r.Virkning.node(), r.Ref.node("ReferenceID"))
	if dynamisk(r.Navn) {
		n.Add(r.Rolle.node("Rolle"), r.Type.node("Type"), xmltree.Leaf(nsSagDok, "Indeks", r.Indeks))
	}
	return n
}
