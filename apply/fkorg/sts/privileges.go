package sts

import (
	"encoding/base64"
	"fmt"
	"strings"

	"orgit.dk/orgit/internal/soap/wss"
	"orgit.dk/orgit/internal/soap/xmltree"
)

// PrivilegeGroup is what a token allows within a scope, such as urn:dk:gov:saml:cvrNumberIdentifier:<CVR>.
type PrivilegeGroup struct {
	Scope       string
	Privileges  []string
	Constraints []Constraint
}

// Constraint is a data restriction (dataafgrænsning).
type Constraint struct{ Name, Value string }

// Privileges reads what a token allows, in the token's order; none where it says nothing of it.
func Privileges(a *wss.Assertion) ([]PrivilegeGroup, error) {
	var groups []PrivilegeGroup
	for _, value := range a.Attributes[attributePrivileges] {
		data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(value), ""))
		if err != nil {
			return nil, fmt.Errorf("read the token's privileges: %w", err)
		}
		list, err := xmltree.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("read the token's privileges: %w", err)
		}
		for _, g := range list.Elements() {
			if g.Name.Local == "PrivilegeGroup" {
				groups = append(groups, privilegeGroup(g))
			}
		}
	}
	return groups, nil
}

func privilegeGroup(n *xmltree.Node) PrivilegeGroup {
	named := func(n *xmltree.Node, local string) string {
		for _, a := range n.Attr {
			if a.Name.Local == local {
				return a.Value
			}
		}
		return ""
	}
	g := PrivilegeGroup{Scope: named(n, "Scope")}
	for _, c := range n.Elements() {
		switch c.Name.Local {
		case "Privilege":
			g.Privileges = append(g.Privileges, c.Content())
		case "Constraint":
			g.Constraints = append(g.Constraints, Constraint{Name: named(c, "Name"), Value: c.Content()})
		}
	}
	return g
}
