package os2mo

// question is a request to the GraphQL endpoint.
type question struct {
	Query     string    `json:"query"`
	Operation string    `json:"operationName"`
	Variables variables `json:"variables"`
}

type variables struct {
	Limit  int     `json:"limit"`
	Cursor *string `json:"cursor"`
	At     string  `json:"at"`
}

// query is how a collection is asked for.
type query struct {
	collection string
	operation  string
	more       string // arguments besides filter, limit and cursor
	fields     string // of each validity; none: only identifiers are asked for
}

// everything is the filter without which a list holds only what is in force now. It is not
// inherited, so each list within an object needs it too.
const everything = `filter: {from_date: null, to_date: null, registration_time: $at}`

// listed asks for a list of references within an object, whole.
func listed(field string) string {
	return field + `(` + everything + `) { objects { uuid } page_info { next_cursor } }`
}

func (q query) text() string {
	object := `uuid`
	if q.fields != "" {
		object = `uuid validities(start: null, end: null, registration_time: $at) { ` + q.fields + ` validity { from to } }`
	}
	return `query ` + q.operation + `($limit: int, $cursor: Cursor, $at: DateTime) { ` +
		q.collection + `(` + everything + `, limit: $limit, cursor: $cursor` + q.more + `) { ` +
		`objects { ` + object + ` } page_info { next_cursor } } }`
}

// identifiers asks for the same objects by their identifiers alone.
func (q query) identifiers() query {
	q.operation += "IDs"
	q.fields = ""
	return q
}

func facetsQuery() query {
	return query{collection: "facets", operation: "Facets", fields: `user_key`}
}

func classesQuery() query {
	return query{collection: "classes", operation: "Classes", fields: `user_key name scope facet_response { uuid }`}
}

func systemsQuery() query {
	return query{collection: "itsystems", operation: "ITSystems", fields: `user_key name`}
}

func unitsQuery() query {
	return query{collection: "org_units", operation: "OrgUnits", fields: `user_key name parent_response { uuid }
		unit_type_response { uuid } unit_level_response { uuid } unit_hierarchy_response { uuid } time_planning_response { uuid }`}
}

func personsQuery() query {
	return query{collection: "persons", operation: "Persons", fields: `cpr_number given_name surname nickname_given_name nickname_surname seniority`}
}

func engagementsQuery() query {
	return query{collection: "engagements", operation: "Engagements", fields: `user_key fraction
		person_response { uuid } org_unit_response { uuid } engagement_type_response { uuid } job_function_response { uuid } primary_response { uuid }
		extension_1 extension_2 extension_3 extension_4 extension_5 extension_6 extension_7 extension_8 extension_9 extension_10`}
}

func managersQuery() query {
	return query{collection: "managers", operation: "Managers", more: `, inherit: false`, fields: `
		person_response { uuid } org_unit_response { uuid } engagement_response { uuid } manager_type_response { uuid } manager_level_response { uuid } ` +
		listed(`responsibilities_response`)}
}

func associationsQuery() query {
	return query{collection: "associations", operation: "Associations", fields: `
		person_response { uuid } org_unit_response { uuid } association_type_response { uuid } primary_response { uuid } substitute_response { uuid }
		trade_union_response { uuid } job_function_response { uuid } it_user_response { uuid }`}
}

func itUsersQuery() query {
	return query{collection: "itusers", operation: "ITUsers", fields: `user_key external_id
		itsystem_response { uuid } person_response { uuid } org_unit_response { uuid } primary_response { uuid } ` + listed(`engagements_responses`)}
}

func roleBindingsQuery() query {
	return query{collection: "rolebindings", operation: "RoleBindings", fields: `role_response { uuid }`}
}

// What an address is is in value; name is what people are shown, which for an address of
// DAR is the only text there is.
func addressesQuery() query {
	return query{collection: "addresses", operation: "Addresses", fields: `value name
		address_type_response { uuid } visibility_response { uuid } person_response { uuid } org_unit_response { uuid }
		engagement_response { uuid } ituser_response { uuid }`}
}

func klesQuery() query {
	return query{collection: "kles", operation: "KLEs", fields: `kle_number_response { uuid } org_unit_response { uuid } ` + listed(`kle_aspects_response`)}
}

func relatedQuery() query {
	return query{collection: "related_units", operation: "RelatedUnits", fields: listed(`org_units_response`)}
}

func leavesQuery() query {
	return query{collection: "leaves", operation: "Leaves", fields: `engagement_response { uuid }`}
}

func ownersQuery() query {
	return query{collection: "owners", operation: "Owners", fields: `owner_response { uuid }`}
}
