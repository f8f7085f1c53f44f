// Package fkorg is the target FK Organisation (Fælleskommunalt Organisationssystem, STS Organisation, SF1500 version 6):
// the national register of municipal organisations that other public systems ask who works where.
//
// # What lies there
//
// An object is a UUID and a list of registrations; a registration is three lists: attributes (Egenskab), states
// (Gyldighed) and relations. Every entry of a list has its own period of validity (Virkning). FK Organisation's own
// Danish names are kept here, because they stand in the schemas, in the documentation and in the messages.
//
//	orgit                  FK Organisation
//	unit                   OrganisationEnhed
//	account with fk        Bruger, with a Person behind it
//	engagement, association  OrganisationFunktion of the type "position"
//	manager                OrganisationFunktion of the type "manager"
//	phone, e-mail, EAN …   an Adresse each, referred to with a role
//
// # Reading this package
//
// slags.go names the types of objects. virkning.go, relation.go and registrering.go are their parts as Go values, read
// from and written as XML. besked.go is the messages around them, client.go the calls. desired.go turns an organisation
// into what FK Organisation should hold, actual.go reads what it holds, write.go carries one operation out.
//
// # What must hold
//
// The protocol has no version token and a list that is sent replaces the list that was there. So a change is always:
// read, change the copy, send all of it back. Whatever another system wrote stays in the copy untouched. Entries are
// ended, never dropped. A failed write may have happened; the object is read again before anything is repeated.
package fkorg
