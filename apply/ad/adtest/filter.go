package adtest

import (
	"slices"
	"strconv"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// The matching rules for bits of a number.
const (
	ruleBitAnd = "1.2.840.113556.1.4.803"
	ruleBitOr  = "1.2.840.113556.1.4.804"
)

// filter decides whether an object belongs to a search's result.
type filter func(n *node) bool

// compile reads a Filter (RFC 4511 section 4.5.1.7).
func (d *directory) compile(p *ber.Packet) (filter, error) {
	if p.ClassType != ber.ClassContext {
		return nil, errMalformed
	}
	switch p.Tag {
	case ldap.FilterAnd, ldap.FilterOr:
		return d.compileSet(p)
	case ldap.FilterNot:
		parts, err := children(p, 1)
		if err != nil {
			return nil, err
		}
		inner, err := d.compile(parts[0])
		if err != nil {
			return nil, err
		}
		return func(n *node) bool { return !inner(n) }, nil
	case ldap.FilterPresent:
		name := strings.ToLower(text(p))
		return func(n *node) bool { return len(d.get(n, name)) > 0 }, nil
	case ldap.FilterSubstrings:
		return d.compileSubstrings(p)
	case ldap.FilterExtensibleMatch:
		return d.compileBits(p)
	case ldap.FilterEqualityMatch, ldap.FilterApproxMatch, ldap.FilterGreaterOrEqual, ldap.FilterLessOrEqual:
		return d.compileComparison(p)
	default:
		return nil, errMalformed
	}
}

func (d *directory) compileSet(p *ber.Packet) (filter, error) {
	var inner []filter
	for _, child := range p.Children {
		f, err := d.compile(child)
		if err != nil {
			return nil, err
		}
		inner = append(inner, f)
	}
	if p.Tag == ldap.FilterOr {
		return func(n *node) bool {
			return slices.ContainsFunc(inner, func(f filter) bool { return f(n) })
		}, nil
	}
	return func(n *node) bool {
		return !slices.ContainsFunc(inner, func(f filter) bool { return !f(n) })
	}, nil
}

func (d *directory) compileComparison(p *ber.Packet) (filter, error) {
	parts, err := children(p, 2)
	if err != nil {
		return nil, err
	}
	name, want := strings.ToLower(text(parts[0])), text(parts[1])
	a := d.schema.attributes[name]
	if a == nil {
		return func(*node) bool { return false }, nil
	}
	if p.Tag == ldap.FilterEqualityMatch || p.Tag == ldap.FilterApproxMatch {
		return func(n *node) bool { return d.has(n, a, want) }, nil
	}
	sign := 1
	if p.Tag == ldap.FilterLessOrEqual {
		sign = -1
	}
	return func(n *node) bool {
		return slices.ContainsFunc(d.get(n, name), func(v string) bool { return sign*compare(a, v, want) >= 0 })
	}, nil
}

// has reports whether the object has the value, by the attribute's own equality.
func (d *directory) has(n *node, a *attribute, want string) bool {
	values := d.get(n, strings.ToLower(a.name))
	switch {
	case a.name == "objectCategory":
		// The short form names a class and means that class's category.
		if c := d.schema.classes[strings.ToLower(want)]; c != nil {
			return n.class.category == c.category
		}
		return strings.EqualFold(want, n.class.category) || sameDN(want, values[0])
	case a.syntax == link:
		target, r := d.find(want)
		return r == nil && slices.ContainsFunc(values, func(v string) bool { return sameDN(v, target.dn()) })
	case a.name == "objectGUID":
		if id, ok := parseGUID(want); ok {
			return n.guid == id
		}
		return want == string(n.guid[:])
	default:
		return slices.ContainsFunc(values, func(v string) bool { return compare(a, v, want) == 0 })
	}
}

// compare orders two values by the attribute's syntax.
func compare(a *attribute, x, y string) int {
	if a.syntax == number {
		i, errX := strconv.ParseInt(x, 10, 64)
		j, errY := strconv.ParseInt(y, 10, 64)
		if errX == nil && errY == nil {
			switch {
			case i < j:
				return -1
			case i > j:
				return 1
			}
			return 0
		}
	}
	return strings.Compare(strings.ToLower(x), strings.ToLower(y))
}

func (d *directory) compileSubstrings(p *ber.Packet) (filter, error) {
	parts, err := children(p, 2)
	if err != nil {
		return nil, err
	}
	name := strings.ToLower(text(parts[0]))
	pieces := parts[1].Children
	return func(n *node) bool {
		return slices.ContainsFunc(d.get(n, name), func(v string) bool {
			return matchPieces(strings.ToLower(v), pieces)
		})
	}, nil
}

func matchPieces(v string, pieces []*ber.Packet) bool {
	for _, piece := range pieces {
		want := strings.ToLower(text(piece))
		switch piece.Tag {
		case ldap.FilterSubstringsInitial:
			if !strings.HasPrefix(v, want) {
				return false
			}
			v = v[len(want):]
		case ldap.FilterSubstringsFinal:
			if !strings.HasSuffix(v, want) {
				return false
			}
			v = ""
		default:
			i := strings.Index(v, want)
			if i < 0 {
				return false
			}
			v = v[i+len(want):]
		}
	}
	return true
}

// compileBits reads the two extensible matches that Active Directory is asked for:
// bits that are all set, and bits of which one is.
func (d *directory) compileBits(p *ber.Packet) (filter, error) {
	var rule, name, value string
	for _, part := range p.Children {
		switch part.Tag {
		case ldap.MatchingRuleAssertionMatchingRule:
			rule = text(part)
		case ldap.MatchingRuleAssertionType:
			name = strings.ToLower(text(part))
		case ldap.MatchingRuleAssertionMatchValue:
			value = text(part)
		}
	}
	mask, err := strconv.ParseInt(value, 10, 64)
	if err != nil || (rule != ruleBitAnd && rule != ruleBitOr) {
		return func(*node) bool { return false }, nil
	}
	return func(n *node) bool {
		return slices.ContainsFunc(d.get(n, name), func(v string) bool {
			bits, err := strconv.ParseInt(v, 10, 64)
			if err != nil {
				return false
			}
			return rule == ruleBitAnd && bits&mask == mask || rule == ruleBitOr && bits&mask != 0
		})
	}, nil
}
