package outside

import (
	"math"
	"slices"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source/os2mo/os2motest"
	"orgit.dk/orgit/org/synthetic"
)

// System is the user_key that the directory has in OS2mo.
const System = "Active Directory"

// OS2mo is the town as an OS2mo holds it, for the stand-in. It holds CPR numbers.
func OS2mo(t *synthetic.Town) os2motest.Organisation {
	m := &mo{o: os2motest.Organisation{}, town: t}
	m.classes()
	for i := range t.Units {
		m.unit(i)
	}
	for i := range t.People {
		if len(t.People[i].Jobs) > 0 {
			m.person(i)
		}
	}
	return m.o
}

// mo is an OS2mo that is being filled.
type mo struct {
	o    os2motest.Organisation
	town *synthetic.Town
}

// Short names of what every object is made with.
type fields = os2motest.Fields

func class(facet, key string) string { return os2motest.ID("class " + facet + " " + key) }

func (m *mo) class(facet, key, name, scope string) {
	f := fields{"user_key": key, "name": name, "published": "Publiceret", "facet_response": os2motest.ID("facet " + facet)}
	if scope != "" {
		f["scope"] = scope
	}
	m.o.Add("classes", class(facet, key), os2motest.On("", "", f))
}

// classes makes the choices: those of every OS2mo, and the town's titles.
func (m *mo) classes() {
	for _, facet := range []string{"org_unit_type", "org_unit_level", "engagement_type", "engagement_job_function", "primary_type", "association_type",
		"manager_type", "manager_level", "responsibility", "employee_address_type", "org_unit_address_type", "visibility", "leave_type"} {
		m.o.Add("facets", os2motest.ID("facet "+facet), os2motest.On("", "", fields{"user_key": facet, "published": "Publiceret"}))
	}
	for _, c := range [][4]string{
		{"org_unit_type", "institution", "Institution"}, {"engagement_type", "maanedsloen", "Månedslønnet"}, {"engagement_type", "timeloen", "Timelønnet"},
		{"primary_type", "primary", "Primær"}, {"primary_type", "non-primary", "Ikke-primær"}, {"manager_type", "leder", "Leder"},
		{"responsibility", "personale", "Personaleledelse"}, {"leave_type", "orlov", "Orlov"},
		{"org_unit_address_type", "PhoneUnit", "Telefon", "PHONE"}, {"employee_address_type", "PhoneEmployee", "Telefon", "PHONE"},
		{"employee_address_type", "EmailEmployee", "E-mail", "EMAIL"},
		{"visibility", "External", "Må vises eksternt", "PUBLIC"}, {"visibility", "Secret", "Hemmelig", "SECRET"},
	} {
		m.class(c[0], c[1], c[2], c[3])
	}
	var titles []string
	for _, p := range m.town.People {
		for _, job := range p.Jobs {
			titles = append(titles, job.Title)
		}
	}
	slices.Sort(titles)
	for _, title := range slices.Compact(titles) {
		m.class("engagement_job_function", title, title, "")
	}
	m.o.Add("itsystems", os2motest.ID("system ad"), os2motest.On("", "", fields{"user_key": System, "name": System}))
}

func (m *mo) unit(i int) {
	u := &m.town.Units[i]
	f := fields{"name": u.Name, "user_key": u.Code, "unit_type_response": class("org_unit_type", "institution")}
	if u.Parent >= 0 {
		f["parent_response"] = string(m.town.Units[u.Parent].UUID)
	}
	m.o.Add("org_units", string(u.UUID), os2motest.On(string(u.From), "", f))
	m.address("unit "+u.Code, u.From, "", "External", fields{"value": u.Phone, "org_unit_response": string(u.UUID), "address_type_response": class("org_unit_address_type", "PhoneUnit")})
	if u.Leader >= 0 {
		m.leader(u, &m.town.People[u.Leader])
	} else if u.Vacant {
		m.o.Add("managers", os2motest.ID("manager "+u.Code), os2motest.On(string(u.From), "", m.leads(u)))
	}
}

func (m *mo) leads(u *synthetic.Unit) fields {
	return fields{"org_unit_response": string(u.UUID), "manager_type_response": class("manager_type", "leder"),
		"responsibilities_response": []string{class("responsibility", "personale")}}
}

func (m *mo) leader(u *synthetic.Unit, p *synthetic.Person) {
	job, f := &p.Jobs[0], m.leads(u)
	f["person_response"], f["engagement_response"] = string(p.UUID), engagement(job)
	m.o.Add("managers", os2motest.ID("manager "+u.Code), os2motest.On(string(max(job.From, u.From)), string(next(job.To)), f))
}

// engagement identifies a job.
func engagement(job *synthetic.Job) string { return os2motest.ID("engagement " + job.Number) }

func (m *mo) address(name string, from, to org.Day, visibility string, f fields) {
	if f["value"] == "" {
		return
	}
	f["visibility_response"] = class("visibility", visibility)
	m.o.Add("addresses", os2motest.ID("address "+name), os2motest.On(string(from), string(to), f))
}

// person makes somebody with jobs, addresses and account.
func (m *mo) person(i int) {
	p, id := &m.town.People[i], string(m.town.People[i].UUID)
	m.o.Add("persons", id, os2motest.On("", "", fields{"cpr_number": p.CPR.Digits(), "given_name": p.Given, "surname": p.Surname}))
	for k := range p.Jobs {
		m.job(p, &p.Jobs[k], k == 0)
	}
	first, visibility := p.Jobs[0], "External"
	if p.Shielded {
		visibility = "Secret"
	}
	until := next(first.To)
	m.address("phone "+id, first.From, until, visibility, fields{"value": p.Phone, "person_response": id, "address_type_response": class("employee_address_type", "PhoneEmployee")})
	m.address("mail "+id, first.From, until, "External", fields{"value": p.Mail, "person_response": id, "address_type_response": class("employee_address_type", "EmailEmployee")})
	if p.Account != nil {
		m.o.Add("itusers", os2motest.ID("ituser "+id), os2motest.On(string(first.From), string(until), fields{"user_key": p.Account.Name, "external_id": string(p.Account.UUID),
			"itsystem_response": os2motest.ID("system ad"), "person_response": id, "engagements_responses": []string{engagement(&p.Jobs[0])}}))
	}
}

func (m *mo) job(p *synthetic.Person, job *synthetic.Job, primary bool) {
	kind, rank := "maanedsloen", "non-primary"
	if job.Hourly {
		kind = "timeloen"
	}
	if primary {
		rank = "primary"
	}
	m.o.Add("engagements", engagement(job), os2motest.On(string(job.From), string(next(job.To)), fields{
		"user_key": job.Number, "fraction": int(math.Round(job.Fraction * 1e6)), "is_primary": primary, "person_response": string(p.UUID),
		"org_unit_response": string(m.town.Units[job.Unit].UUID), "engagement_type_response": class("engagement_type", kind),
		"job_function_response": class("engagement_job_function", job.Title), "primary_response": class("primary_type", rank)}))
	if job.Leave != (org.Period{}) {
		m.o.Add("leaves", os2motest.ID("leave "+job.Number), os2motest.On(string(job.Leave.From), string(next(job.Leave.To)), fields{
			"person_response": string(p.UUID), "engagement_response": engagement(job), "leave_type_response": class("leave_type", "orlov")}))
	}
}
