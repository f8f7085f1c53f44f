package os2motest

// Korsbaek is a small municipality with a history, and with everything in it that OS2mo lets
// stand: references to nothing, classes of another facet, several roots, two of a kind. It
// is meant for the days around 25 November 2026. Nobody in it exists.
func Korsbaek() Organisation {
	o := Organisation{}
	addClasses(o)
	addUnits(o)
	addPeople(o)
	addEngagements(o)
	addLeaders(o)
	addAssociations(o)
	addAccounts(o)
	addAddresses(o)
	addRest(o)
	return o
}

// long ago, and before any of it begins.
const longAgo = "2000-01-01"

func addClasses(o Organisation) {
	for _, key := range []string{
		"org_unit_type", "org_unit_level", "org_unit_hierarchy", "time_planning", "engagement_type", "engagement_job_function",
		"primary_type", "association_type", "manager_type", "manager_level", "responsibility", "employee_address_type",
		"org_unit_address_type", "visibility", "leave_type", "role", "kle_number", "kle_aspect", "trade_union",
	} {
		o.Add("facets", ID("facet "+key), On("", "", Fields{"user_key": key, "published": "Publiceret"}))
	}
	for _, c := range [][3]string{
		{"org_unit_type", "kommune", "Kommune"}, {"org_unit_type", "afdeling", "Afdeling"}, {"org_unit_type", "skole", "Skole"},
		{"org_unit_level", "NY3-niveau", "NY3-niveau"}, {"org_unit_hierarchy", "linjeorg", "Linjeorganisation"}, {"time_planning", "dannes_ikke", "Dannes ikke"},
		{"engagement_type", "maanedsloen", "Månedslønnet"}, {"engagement_type", "timeloen", "Timelønnet"},
		{"engagement_job_function", "1040", "Lærer"}, {"engagement_job_function", "2000", "Direktør"}, {"engagement_job_function", "konsulent", "Konsulent"},
		{"primary_type", "primary", "Primær"}, {"primary_type", "explicitly-primary", "Manuelt primær"}, {"primary_type", "non-primary", "Ikke-primær"},
		{"association_type", "med", "MED-medlem"}, {"manager_type", "leder", "Leder"}, {"manager_type", "direktoer", "Direktør"},
		{"manager_level", "niveau2", "Niveau 2"}, {"responsibility", "personale", "Personaleledelse"},
		{"leave_type", "barsel", "Barselsorlov"}, {"role", "sap-indkoeb", "Indkøber"}, {"trade_union", "fagforening", "En faglig organisation"},
		{"kle_number", "27.12.04", "Dagtilbud"}, {"kle_number", "forkert", "Ikke et nummer"},
		{"kle_aspect", "ansvarlig", "Ansvarlig"}, {"kle_aspect", "udfoerende", "Udførende"}, {"kle_aspect", "indsigt", "Indsigt"}, {"kle_aspect", "andet", "Andet"},
	} {
		addClass(o, c[0], c[1], c[2], "")
	}
	for _, c := range [][4]string{
		{"org_unit_address_type", "PhoneUnit", "Telefon", "PHONE"}, {"org_unit_address_type", "FaxUnit", "Fax", "PHONE"}, {"org_unit_address_type", "EmailUnit", "E-mail", "EMAIL"},
		{"org_unit_address_type", "WebUnit", "Hjemmeside", "WWW"}, {"org_unit_address_type", "EAN", "EAN-nummer", "EAN"}, {"org_unit_address_type", "p-nummer", "P-nummer", "PNUMBER"},
		{"org_unit_address_type", "AddressMailUnit", "Postadresse", "DAR"}, {"org_unit_address_type", "AddressVisitUnit", "Besøgsadresse", "DAR"},
		{"org_unit_address_type", "FormularUnit", "Formular", "MULTIFIELD_TEXT"},
		{"employee_address_type", "PhoneEmployee", "Telefon", "PHONE"}, {"employee_address_type", "MobileEmployee", "Mobil", "PHONE"},
		{"employee_address_type", "PrivatePhone", "Privat telefon", "PHONE"}, {"employee_address_type", "EmailEmployee", "E-mail", "EMAIL"},
		{"employee_address_type", "AddressMailEmployee", "Postadresse", "DAR"}, {"employee_address_type", "RoomEmployee", "Lokale", "TEXT"},
		{"visibility", "External", "Må vises eksternt", "PUBLIC"}, {"visibility", "Internal", "Må vises internt", "INTERNAL"}, {"visibility", "Secret", "Hemmelig", "SECRET"},
	} {
		addClass(o, c[0], c[1], c[2], c[3])
	}
	// A class that has ended, while it still stands on a leader.
	o.Add("classes", ID("class responsibility oekonomi"), On(longAgo, "2025-01-01", Fields{
		"user_key": "oekonomi", "name": "Økonomi", "published": "Publiceret", "facet_response": ID("facet responsibility")}))
	// A class that has got another name.
	o.Add("classes", ID("class engagement_job_function 3000"),
		On(longAgo, "2024-01-01", Fields{"user_key": "3000", "name": "Pædagogmedhjælper", "facet_response": ID("facet engagement_job_function")}),
		On("2024-01-01", "", Fields{"user_key": "3000", "name": "Pædagogisk medarbejder", "facet_response": ID("facet engagement_job_function")}))
	// A class of a facet that is not there.
	o.Add("classes", ID("class lost"), On(longAgo, "", Fields{"user_key": "lost", "name": "Forladt", "facet_response": ID("facet nowhere")}))
	o.Add("itsystems", ID("system ad"), On("", "", Fields{"user_key": "Active Directory", "name": "Active Directory"}))
	o.Add("itsystems", ID("system sap"), On("2020-01-01", "", Fields{"user_key": "SAP", "name": "SAP"}))
}

func addClass(o Organisation, facet, key, name, scope string) {
	f := Fields{"user_key": key, "name": name, "published": "Publiceret", "facet_response": ID("facet " + facet)}
	if scope != "" {
		f["scope"] = scope
	}
	o.Add("classes", ID("class "+facet+" "+key), On("", "", f))
}

// class refers to a class.
func class(facet, key string) string { return ID("class " + facet + " " + key) }

func addUnits(o Organisation) {
	unit := func(parent, name, key, kind string) Fields {
		f := Fields{"name": name, "user_key": key, "unit_type_response": class("org_unit_type", kind)}
		if parent != "" {
			f["parent_response"] = ID("unit " + parent)
		}
		return f
	}
	school := unit("kommune", "Østre Skole", "1100", "skole")
	school["unit_level_response"] = class("org_unit_level", "NY3-niveau")
	school["unit_hierarchy_response"] = class("org_unit_hierarchy", "linjeorg")
	school["time_planning_response"] = class("time_planning", "dannes_ikke")
	renamed := unit("kommune", "Østre Skole og SFO", "1100", "skole")
	renamed["unit_level_response"] = class("org_unit_level", "NY3-niveau")

	o.Add("org_units", ID("unit kommune"), On(longAgo, "", Fields{"name": "Korsbæk Kommune", "unit_type_response": class("org_unit_type", "kommune")}))
	o.Add("org_units", ID("unit skole"), On("2010-01-01", "2025-08-01", school), On("2025-08-01", "", renamed))
	o.Add("org_units", ID("unit vej"), On("2010-01-01", "2026-01-01", unit("kommune", "Vejafdelingen", "1200", "afdeling")))
	o.Add("org_units", ID("unit park"), On("2027-01-01", "", unit("kommune", "Vej og Park", "1201", "afdeling")))
	// Another root, beside which payroll puts its units.
	o.Add("org_units", ID("unit loen"), On(longAgo, "", unit("", "Lønorganisation", "L0", "afdeling")))
	// A unit below nothing, of a type that is a title.
	odd := unit("nowhere", "SFO", "1300", "")
	odd["unit_type_response"] = class("engagement_job_function", "1040")
	o.Add("org_units", ID("unit sfo"), On("2015-01-01", "", odd))
	// Two units that cannot be told apart.
	o.Add("org_units", ID("unit hus1"), On("2015-01-01", "", unit("kommune", "Børnehuset", "1400", "afdeling")))
	o.Add("org_units", ID("unit hus2"), On("2015-01-01", "", unit("kommune", "Børnehuset", "1400", "afdeling")))
	// Units below each other.
	o.Add("org_units", ID("unit ring1"), On("2015-01-01", "", unit("ring2", "Ring 1", "1501", "afdeling")))
	o.Add("org_units", ID("unit ring2"), On("2015-01-01", "", unit("ring1", "Ring 2", "1502", "afdeling")))
	// One that began at noon, of a type that does not exist, and with a number in its name.
	noon := unit("kommune", "Sag 010170-1234", "1600", "nowhere")
	o.Add("org_units", ID("unit noon"), Validity{"2026-03-01T12:00:00+01:00", "2026-09-01T12:00:00+02:00", noon},
		Validity{"2026-09-01T12:00:00+02:00", "", unit("kommune", "Sagsteamet", "1600", "afdeling")})
}

func addPeople(o Organisation) {
	person := func(cpr, given, surname string) Fields {
		return Fields{"cpr_number": cpr, "given_name": given, "surname": surname}
	}
	maiden := person("0101701234", "Anna Marie", "Jensen")
	maiden["seniority"] = "1995-08-01"
	married := person("0101701234", "Anna Marie", "Holm")
	married["nickname_given_name"], married["nickname_surname"] = "Anne", "Holm"
	o.Add("persons", ID("person anna"), On("1970-01-01", "2026-05-01", maiden), On("2026-05-01", "", married))
	o.Add("persons", ID("person bent"), On("1980-02-02", "", person("0202801235", "Bent", "Bach")))
	o.Add("persons", ID("person carl"), On("", "", person("0000000000", "Carl", "Carlsen")))
	o.Add("persons", ID("person dorte"), On("1990-03-03", "", person("9999999999", "Dorte", "Dam")))
	o.Add("persons", ID("person erik"), On("1980-02-02", "", person("0202801235", "Erik", "Eg")))
	o.Add("persons", ID("person freja"), On("1991-04-04", "", person("0404911236", "Freja", "Friis")))
	o.Add("persons", ID("person nothing"))
}

func addEngagements(o Organisation) {
	job := func(person, unit, number, title, kind, primary string, fraction int) Fields {
		return Fields{
			"user_key": number, "fraction": fraction, "is_primary": primary == "primary", "person_response": ID("person " + person), "org_unit_response": ID("unit " + unit),
			"engagement_type_response": class("engagement_type", kind), "job_function_response": class("engagement_job_function", title),
			"primary_response": class("primary_type", primary),
		}
	}
	teacher := job("anna", "skole", "11003", "1040", "maanedsloen", "primary", 600000)
	teacher["extension_1"], teacher["extension_4"] = "et felt", "et andet"
	o.Add("engagements", ID("engagement anna1"), On("2015-08-01", "2024-08-01", teacher),
		On("2024-08-01", "2027-01-01", job("anna", "skole", "11003", "1040", "maanedsloen", "primary", 1000000)))
	// A second one that is primary too, later moved by hand.
	o.Add("engagements", ID("engagement anna2"), On("2020-01-01", "2025-08-01", job("anna", "vej", "11004", "konsulent", "timeloen", "non-primary", 0)),
		On("2025-08-01", "", job("anna", "hus1", "11004", "konsulent", "timeloen", "explicitly-primary", 2500000)))
	o.Add("engagements", ID("engagement bent"), On("2010-01-01", "", job("bent", "kommune", "10001", "2000", "maanedsloen", "primary", 1000000)))
	// Its title is a type of unit, and its unit is gone.
	odd := job("carl", "nowhere", "10002", "", "maanedsloen", "non-primary", 500000)
	odd["job_function_response"] = class("org_unit_type", "skole")
	o.Add("engagements", ID("engagement carl"), On("2021-01-01", "", odd))
	o.Add("engagements", ID("engagement lost"), On("2021-01-01", "", job("nowhere", "skole", "10003", "1040", "maanedsloen", "primary", 500000)))
	o.Add("engagements", ID("engagement freja"), On("2022-01-01", "2026-12-01", job("freja", "hus2", "10004", "3000", "maanedsloen", "primary", 800000)))
}

func addLeaders(o Organisation) {
	leads := func(unit, person, engagement string, responsibilities ...string) Fields {
		f := Fields{"org_unit_response": ID("unit " + unit), "manager_type_response": class("manager_type", "leder"), "manager_level_response": class("manager_level", "niveau2")}
		if person != "" {
			f["person_response"] = ID("person " + person)
		}
		if engagement != "" {
			f["engagement_response"] = ID("engagement " + engagement)
		}
		var list []string
		for _, r := range responsibilities {
			list = append(list, class("responsibility", r))
		}
		f["responsibilities_response"] = list
		return f
	}
	o.Add("managers", ID("manager kommune"), On("2010-01-01", "", leads("kommune", "bent", "bent", "personale", "oekonomi")))
	o.Add("managers", ID("manager skole"), On("2016-01-01", "2026-11-01", leads("skole", "anna", "anna1", "personale")), On("2026-11-01", "", leads("skole", "", "", "personale")))
	o.Add("managers", ID("manager skole2"), On("2020-01-01", "", leads("skole", "freja", "bent", "personale")))
	o.Add("managers", ID("manager lost unit"), On("2020-01-01", "", leads("nowhere", "bent", "")))
	o.Add("managers", ID("manager lost person"), On("2020-01-01", "", leads("hus1", "nowhere", "nowhere", "personale")))
}

func addAssociations(o Organisation) {
	tie := func(person, unit string) Fields {
		f := Fields{"org_unit_response": ID("unit " + unit), "association_type_response": class("association_type", "med")}
		if person != "" {
			f["person_response"] = ID("person " + person)
		}
		return f
	}
	full := tie("bent", "skole")
	full["substitute_response"], full["trade_union_response"] = ID("person carl"), class("trade_union", "fagforening")
	full["primary_response"] = class("primary_type", "primary")
	o.Add("associations", ID("association bent1"), On("2024-01-01", "2028-01-01", full))
	o.Add("associations", ID("association bent2"), On("2025-01-01", "", tie("bent", "skole")))
	o.Add("associations", ID("association vacant"), On("2024-01-01", "", tie("", "skole")))
	o.Add("associations", ID("association lost"), On("2024-01-01", "", tie("nowhere", "skole")))
	o.Add("associations", ID("association it"), On("2024-01-01", "", Fields{"org_unit_response": ID("unit loen"), "person_response": ID("person dorte"),
		"job_function_response": class("engagement_job_function", "konsulent"), "it_user_response": ID("ituser dorte")}))
}

func addAccounts(o Organisation) {
	login := func(system, person, name, external string, engagements ...string) Fields {
		f := Fields{"user_key": name, "itsystem_response": ID("system " + system), "person_response": ID("person " + person)}
		if external != "" {
			f["external_id"] = external
		}
		var list []string
		for _, e := range engagements {
			list = append(list, ID("engagement "+e))
		}
		f["engagements_responses"] = list
		return f
	}
	o.Add("itusers", ID("ituser anna"), On("2015-08-01", "2026-05-01", login("ad", "anna", "annj", "5B0A8C1E-0D3F-4A22-9F57-1C2D3E4F5A60", "anna1")),
		On("2026-05-01", "", login("ad", "anna", "annh", "{5b0a8c1e-0d3f-4a22-9f57-1c2d3e4f5a60}", "anna1")))
	o.Add("itusers", ID("ituser bent"), On("2010-01-01", "2027-01-01", login("ad", "bent", "benb", ID("guid bent"))),
		On("2027-01-01", "", login("ad", "bent", "bentb", ID("guid bent"))))
	// The same name once more, differing in a capital, and an identifier that is none.
	o.Add("itusers", ID("ituser erik"), On("2020-01-01", "", login("ad", "erik", "BENB", "S-1-5-21")))
	// For an engagement that has ended by the day after tomorrow, one of somebody else's, and with a gap.
	gap := login("sap", "freja", "FREJA", "", "freja", "bent")
	gap["primary_response"] = class("primary_type", "primary")
	o.Add("itusers", ID("ituser freja"), On("2022-01-01", "2023-01-01", gap), On("2024-01-01", "2026-12-01", gap))
	o.Add("itusers", ID("ituser dorte"), On("2024-01-01", "", login("ad", "dorte", "dord", "")))
	o.Add("itusers", ID("ituser dorte guid"), On("2024-01-01", "", login("sap", "dorte", ID("guid dorte"), "")))
	o.Add("itusers", ID("ituser unit"), On("2024-01-01", "", Fields{"user_key": "skolen", "itsystem_response": ID("system ad"), "org_unit_response": ID("unit skole")}))
	o.Add("itusers", ID("ituser lost system"), On("2024-01-01", "", login("nowhere", "bent", "benb", "")))
	o.Add("itusers", ID("ituser lost person"), On("2024-01-01", "", login("ad", "nowhere", "ingen", "")))
	o.Add("itusers", ID("ituser cpr"), On("2024-01-01", "", login("sap", "anna", "0101701234", "")))
	o.Add("rolebindings", ID("rolebinding"), On("2024-01-01", "", Fields{"role_response": class("role", "sap-indkoeb"), "ituser_response": ID("ituser freja")}))
}
