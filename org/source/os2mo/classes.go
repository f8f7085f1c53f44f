package os2mo

import (
	"strings"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
)

// classInfo is a class as it is now.
type classInfo struct{ facet, key, name, scope string }

// words are what a class is called, in small letters, for telling what it is for.
func (c classInfo) words() string { return strings.ToLower(c.key + " " + c.name) }

// Facets of OS2mo whose classes orgit uses.
const (
	facetUnitType       = "org_unit_type"
	facetUnitLevel      = "org_unit_level"
	facetJob            = "engagement_job_function"
	facetEngagementType = "engagement_type"
	facetAssociation    = "association_type"
	facetManagerType    = "manager_type"
	facetManagerLevel   = "manager_level"
	facetResponsibility = "responsibility"
	facetPrimary        = "primary_type"
	facetVisibility     = "visibility"
	facetKLENumber      = "kle_number"
	facetKLEAspect      = "kle_aspect"
	facetUnitAddress    = "org_unit_address_type"
	facetPersonAddress  = "employee_address_type"
	facetManagerAddress = "manager_address_type"
)

// kinds are the kinds that classes have in an extract, by facet.
func kinds() map[string]string {
	return map[string]string{
		facetUnitType: source.ClassUnitType, facetJob: source.ClassTitle, facetEngagementType: source.ClassEngagementType,
		facetAssociation: source.ClassAssociationType, facetManagerType: source.ClassManagerRole,
	}
}

// readClasses reads facets, classes and IT systems. A class's name is the one of the day.
func (a *assembly) readClasses(r *register) []source.Class {
	a.facets, a.classes, a.systems = map[id]string{}, map[id]classInfo{}, map[id]string{}
	for _, o := range r.facets {
		if f, ok := near(take(a, origin("facets", "facet", o.UUID), o), a.day); ok {
			a.facets[o.UUID] = f.UserKey
		}
	}
	var list []source.Class
	kinds := kinds()
	for _, o := range r.classes {
		at := origin("classes", "class", o.UUID)
		c, ok := near(take(a, at, o), a.day)
		if !ok {
			continue
		}
		facet, known := a.facets[c.Facet.id()]
		if !known {
			a.dangling(at, "Klassen hører til en facet, som ikke findes i OS2mo.")
		}
		info := classInfo{facet: facet, key: a.key(at, c.UserKey), name: a.text(at, c.Name), scope: strings.ToUpper(strings.TrimSpace(c.Scope))}
		if info.name == "" {
			info.name = info.key
		}
		a.classes[o.UUID] = info
		if kind := kinds[facet]; kind != "" {
			list = append(list, source.Class{Kind: kind, ID: string(o.UUID), UUID: org.UUID(o.UUID), Name: info.name, Code: info.key})
		}
	}
	return append(list, a.readSystems(r)...)
}

func (a *assembly) readSystems(r *register) []source.Class {
	var list []source.Class
	for _, o := range r.systems {
		at := origin("itsystems", "itsystem", o.UUID)
		s, ok := near(take(a, at, o), a.day)
		if !ok {
			continue
		}
		key := a.text(at, s.UserKey)
		if own, ok := a.opts.Systems[key]; ok {
			key = own
		}
		if key == "" {
			key = string(o.UUID)
		}
		a.systems[o.UUID] = key
		list = append(list, source.Class{Kind: source.ClassSystem, ID: key, UUID: org.UUID(o.UUID), Name: a.text(at, s.Name)})
	}
	return list
}

// class looks a class up. ok is false where there is none, with a note where there should be.
// OS2mo does not check that a class is of the facet that it is used for.
func (a *assembly) class(at source.Origin, r *ref, facets ...string) (info classInfo, right, ok bool) {
	if r == nil {
		return classInfo{}, false, false
	}
	info, ok = a.classes[r.UUID]
	if !ok {
		a.dangling(at, "Der henvises til en klasse (%s), som ikke findes i OS2mo.", facets[0])
		return classInfo{}, false, false
	}
	for _, f := range facets {
		right = right || info.facet == f
	}
	if !right {
		a.notes.add(at, doubtWrongFacet, "Klassen „%s“ hører til facetten %s, men er brugt som %s.", info.name, named(info.facet), facets[0])
	}
	return info, right, true
}

func named(facet string) string {
	if facet == "" {
		return "(ukendt)"
	}
	return facet
}

// classID gives the ID of a class, or its name where it is of another facet.
func (a *assembly) classID(at source.Origin, r *ref, facet string) string {
	info, right, ok := a.class(at, r, facet)
	switch {
	case !ok:
		return ""
	case right:
		return string(r.UUID)
	}
	return info.name
}

// className gives the name of a class.
func (a *assembly) className(at source.Origin, r *ref, facet string) string {
	info, _, _ := a.class(at, r, facet)
	return info.name
}
