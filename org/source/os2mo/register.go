package os2mo

import "context"

// register is all that was read, as OS2mo says it.
type register struct {
	facets       []object[facet]
	classes      []object[class]
	systems      []object[system]
	units        []object[unit]
	persons      []object[person]
	engagements  []object[engagement]
	managers     []object[manager]
	associations []object[association]
	itUsers      []object[itUser]
	roleBindings []object[roleBinding]
	addresses    []object[address]
	kles         []object[kle]
	related      []object[relatedUnit]
	leaves       []object[leave]
	owners       []object[owner]
}

type facet struct {
	term
	UserKey string `json:"user_key"`
}

type class struct {
	term
	UserKey string `json:"user_key"`
	Name    string `json:"name"`
	Scope   string `json:"scope"`
	Facet   *ref   `json:"facet_response"`
}

type system struct {
	term
	UserKey string `json:"user_key"`
	Name    string `json:"name"`
}

type unit struct {
	term
	UserKey   string `json:"user_key"`
	Name      string `json:"name"`
	Parent    *ref   `json:"parent_response"`
	Type      *ref   `json:"unit_type_response"`
	Level     *ref   `json:"unit_level_response"`
	Hierarchy *ref   `json:"unit_hierarchy_response"`
	Time      *ref   `json:"time_planning_response"`
}

type person struct {
	term
	CPR             string `json:"cpr_number"`
	Given           string `json:"given_name"`
	Surname         string `json:"surname"`
	NicknameGiven   string `json:"nickname_given_name"`
	NicknameSurname string `json:"nickname_surname"`
	Seniority       string `json:"seniority"`
}

type engagement struct {
	term
	UserKey  string `json:"user_key"`
	Fraction *int64 `json:"fraction"`
	Person   *ref   `json:"person_response"`
	Unit     *ref   `json:"org_unit_response"`
	Type     *ref   `json:"engagement_type_response"`
	Job      *ref   `json:"job_function_response"`
	Primary  *ref   `json:"primary_response"`
	E1       string `json:"extension_1"`
	E2       string `json:"extension_2"`
	E3       string `json:"extension_3"`
	E4       string `json:"extension_4"`
	E5       string `json:"extension_5"`
	E6       string `json:"extension_6"`
	E7       string `json:"extension_7"`
	E8       string `json:"extension_8"`
	E9       string `json:"extension_9"`
	E10      string `json:"extension_10"`
}

func (e engagement) extensions() []string {
	return []string{e.E1, e.E2, e.E3, e.E4, e.E5, e.E6, e.E7, e.E8, e.E9, e.E10}
}

type manager struct {
	term
	Person           *ref `json:"person_response"`
	Unit             *ref `json:"org_unit_response"`
	Engagement       *ref `json:"engagement_response"`
	Type             *ref `json:"manager_type_response"`
	Level            *ref `json:"manager_level_response"`
	Responsibilities refs `json:"responsibilities_response"`
}

type association struct {
	term
	Person     *ref `json:"person_response"`
	Unit       *ref `json:"org_unit_response"`
	Type       *ref `json:"association_type_response"`
	Primary    *ref `json:"primary_response"`
	Substitute *ref `json:"substitute_response"`
	TradeUnion *ref `json:"trade_union_response"`
	Job        *ref `json:"job_function_response"`
	ITUser     *ref `json:"it_user_response"`
}

type itUser struct {
	term
	UserKey     string `json:"user_key"`
	ExternalID  string `json:"external_id"`
	System      *ref   `json:"itsystem_response"`
	Person      *ref   `json:"person_response"`
	Unit        *ref   `json:"org_unit_response"`
	Primary     *ref   `json:"primary_response"`
	Engagements refs   `json:"engagements_responses"`
}

type roleBinding struct{ term }

type address struct {
	term
	Value      string `json:"value"`
	Name       string `json:"name"`
	Type       *ref   `json:"address_type_response"`
	Visibility *ref   `json:"visibility_response"`
	Person     *ref   `json:"person_response"`
	Unit       *ref   `json:"org_unit_response"`
	Engagement *ref   `json:"engagement_response"`
	ITUser     *ref   `json:"ituser_response"`
}

type kle struct {
	term
	Number  *ref `json:"kle_number_response"`
	Unit    *ref `json:"org_unit_response"`
	Aspects refs `json:"kle_aspects_response"`
}

type relatedUnit struct {
	term
	Units refs `json:"org_units_response"`
}

type leave struct {
	term
	Engagement *ref `json:"engagement_response"`
}

type owner struct{ term }

// read reads all collections as they were known at one time, each before those that refer to it.
func (c *connection) read(ctx context.Context, at string) (*register, error) {
	r := &register{}
	steps := []func() error{
		into(ctx, c, facetsQuery(), at, &r.facets),
		into(ctx, c, classesQuery(), at, &r.classes),
		into(ctx, c, systemsQuery(), at, &r.systems),
		into(ctx, c, unitsQuery(), at, &r.units),
		into(ctx, c, personsQuery(), at, &r.persons),
		into(ctx, c, engagementsQuery(), at, &r.engagements),
		into(ctx, c, managersQuery(), at, &r.managers),
		into(ctx, c, associationsQuery(), at, &r.associations),
		into(ctx, c, itUsersQuery(), at, &r.itUsers),
		into(ctx, c, roleBindingsQuery(), at, &r.roleBindings),
		into(ctx, c, addressesQuery(), at, &r.addresses),
		into(ctx, c, klesQuery(), at, &r.kles),
		into(ctx, c, relatedQuery(), at, &r.related),
		into(ctx, c, leavesQuery(), at, &r.leaves),
		into(ctx, c, ownersQuery(), at, &r.owners),
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func into[T dated](ctx context.Context, c *connection, q query, at string, list *[]object[T]) func() error {
	return func() (err error) {
		*list, err = collect[T](ctx, c, q, at)
		return err
	}
}
