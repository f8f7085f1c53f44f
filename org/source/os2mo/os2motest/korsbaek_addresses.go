package os2motest

func addAddresses(o Organisation) {
	address := func(facet, kind, visibility, value string) Fields {
		f := Fields{"value": value, "address_type_response": class(facet, kind)}
		if visibility != "" {
			f["visibility_response"] = class("visibility", visibility)
		}
		return f
	}
	add := func(name, from, to string, f Fields) { o.Add("addresses", ID("address "+name), On(from, to, f)) }
	ofUnit := func(unit, kind, visibility, value string) Fields {
		f := address("org_unit_address_type", kind, visibility, value)
		f["org_unit_response"] = ID("unit " + unit)
		return f
	}
	ofPerson := func(person, kind, visibility, value string) Fields {
		f := address("employee_address_type", kind, visibility, value)
		f["person_response"] = ID("person " + person)
		return f
	}
	// A phone number that is changed in the middle of the unit's time.
	add("skole phone", "2020-01-01", "2026-01-01", ofUnit("skole", "PhoneUnit", "External", "44332211"))
	add("skole phone new", "2026-01-01", "", ofUnit("skole", "PhoneUnit", "External", "+4544332212"))
	add("skole phone second", "2026-01-01", "", ofUnit("skole", "PhoneUnit", "Internal", "44332299"))
	add("skole email", "2020-01-01", "", ofUnit("skole", "EmailUnit", "Internal", "skole@korsbaek.example"))
	add("skole web", "2020-01-01", "", ofUnit("skole", "WebUnit", "", "https://skole.korsbaek.example"))
	add("skole ean", "2020-01-01", "", ofUnit("skole", "EAN", "External", "5798001234561"))
	add("skole p", "2020-01-01", "", ofUnit("skole", "p-nummer", "External", "1012345678"))
	post := ofUnit("skole", "AddressMailUnit", "External", ID("dar skole"))
	post["name"] = "Skolevej 1, 9999 Korsbæk"
	add("skole post", "2020-01-01", "", post)
	second := ofUnit("skole", "AddressMailUnit", "External", ID("dar skole 2"))
	second["name"] = "Skolevej 3, 9999 Korsbæk"
	add("skole post second", "2020-01-01", "2021-01-01", second)
	visit := ofUnit("skole", "AddressVisitUnit", "External", ID("dar skole"))
	visit["name"] = "Skolevej 1, 9999 Korsbæk"
	add("skole visit", "2020-01-01", "", visit)
	add("skole visit unknown", "2020-01-01", "", ofUnit("kommune", "AddressVisitUnit", "External", ID("dar unknown")))
	add("skole fax", "2020-01-01", "", ofUnit("skole", "FaxUnit", "External", "44332213"))
	add("skole form", "2020-01-01", "", ofUnit("skole", "FormularUnit", "External", "a"))
	add("skole secret", "2020-01-01", "", ofUnit("skole", "PhoneUnit", "Secret", "44339999"))
	add("vej after its end", "2026-06-01", "", ofUnit("vej", "PhoneUnit", "External", "44332214"))
	add("lost unit", "2020-01-01", "", ofUnit("nowhere", "PhoneUnit", "External", "44332215"))
	add("hus1 wrong facet", "2020-01-01", "", func() Fields {
		f := ofUnit("hus1", "PhoneUnit", "External", "44332216")
		f["address_type_response"] = class("employee_address_type", "PhoneEmployee")
		return f
	}())
	add("hus1 unknown visibility", "2020-01-01", "", func() Fields {
		f := ofUnit("hus1", "EmailUnit", "", "hus1@korsbaek.example")
		f["visibility_response"] = class("leave_type", "barsel")
		return f
	}())

	add("anna phone", "2020-01-01", "", ofPerson("anna", "PhoneEmployee", "External", "44335511"))
	add("anna mobile", "2020-01-01", "2026-06-01", ofPerson("anna", "MobileEmployee", "Internal", "20 30 40 50"))
	add("anna private", "2020-01-01", "", ofPerson("anna", "PrivatePhone", "Internal", "20304051"))
	// Public for a year, and secret since.
	o.Add("addresses", ID("address anna secret"), On("2020-01-01", "2021-01-01", ofPerson("anna", "MobileEmployee", "External", "20304052")),
		On("2021-01-01", "", ofPerson("anna", "MobileEmployee", "Secret", "20304052")))
	home := ofPerson("anna", "AddressMailEmployee", "Internal", ID("dar home"))
	home["name"] = "Hjemvej 7, 9999 Korsbæk"
	add("anna home", "2020-01-01", "", home)
	mail := ofPerson("anna", "EmailEmployee", "External", "anne@korsbaek.example")
	mail["ituser_response"] = ID("ituser anna")
	add("anna mail", "2020-01-01", "", mail)
	atWork := ofPerson("anna", "EmailEmployee", "External", "annh@hus1.korsbaek.example")
	atWork["engagement_response"] = ID("engagement anna2")
	add("anna mail at work", "2020-01-01", "", atWork)
	add("bent room", "2020-01-01", "", ofPerson("bent", "RoomEmployee", "", "2.14"))
	add("bent bad phone", "2020-01-01", "", ofPerson("bent", "PhoneEmployee", "External", "lokal 12"))
	add("bent cpr", "2020-01-01", "2021-01-01", ofPerson("bent", "RoomEmployee", "External", "0202801235"))
	add("carl placeholder", "2020-01-01", "", ofPerson("carl", "PhoneEmployee", "External", "00000000"))
	add("lost person", "2020-01-01", "", ofPerson("nowhere", "PhoneEmployee", "External", "44332217"))
	add("of nobody", "2020-01-01", "", address("employee_address_type", "PhoneEmployee", "External", "44332218"))
}

func addRest(o Organisation) {
	kle := func(unit, number string, aspects ...string) Fields {
		var list []string
		for _, a := range aspects {
			list = append(list, class("kle_aspect", a))
		}
		return Fields{"org_unit_response": ID("unit " + unit), "kle_number_response": class("kle_number", number), "kle_aspects_response": list}
	}
	o.Add("kles", ID("kle hus1"), On("2020-01-01", "", kle("hus1", "27.12.04", "ansvarlig", "indsigt")))
	o.Add("kles", ID("kle hus1 later"), On("2026-01-01", "", kle("hus1", "27.12.04", "udfoerende", "andet")))
	o.Add("kles", ID("kle bad"), On("2020-01-01", "", kle("hus1", "forkert", "ansvarlig")))

	related := func(units ...string) Fields {
		var list []string
		for _, u := range units {
			list = append(list, ID("unit "+u))
		}
		return Fields{"org_units_response": list}
	}
	o.Add("related_units", ID("related loen"), On("2020-01-01", "", related("loen", "hus2")))
	// A unit that has ended is still in it: a list that holds only what is in force now would lack it.
	o.Add("related_units", ID("related vej"), On("2020-01-01", "2025-01-01", related("vej", "hus2")))
	o.Add("related_units", ID("related lost"), On("2020-01-01", "", related("nowhere", "hus2")))
	o.Add("related_units", ID("related one"), On("2020-01-01", "", related("hus2")))

	leave := func(engagement string) Fields {
		return Fields{"person_response": ID("person anna"), "engagement_response": ID("engagement " + engagement), "leave_type_response": class("leave_type", "barsel")}
	}
	o.Add("leaves", ID("leave anna"), On("2026-12-01", "2027-01-01", leave("anna1")))
	o.Add("leaves", ID("leave anna twice"), On("2026-12-01", "2027-01-01", leave("anna1")))
	o.Add("leaves", ID("leave lost"), On("2026-12-01", "", leave("nowhere")))
	o.Add("owners", ID("owner skole"), On("2024-01-01", "", Fields{"org_unit_response": ID("unit skole"), "owner_response": ID("person bent")}))
}
