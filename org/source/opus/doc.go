// Package opus reads the nightly file of the payroll system KMD OPUS Løn.
//
// The file is called ZLPE, a time and "_delta.xml", and holds everything all the same: every
// unit, then every employment. [Read] gives it as a [source.Extract] for the day in its name.
// The elements are those that KMD's own classes and the importers of other systems have; no
// description of the format is published.
//
// # What is taken how
//
//   - A unit's ID and its code are its OPUS number, by which other systems know it too, such as OS2mo as the key
//     that people use (user_key). The short name is no code: municipalities write what they like. An engagement's ID is its employee number. A person's ID is
//     the lowest employee number under their CPR number; who has no usable CPR number is a
//     person for each employment. An engagement begins on entryDate and ends on leaveDate, the
//     last day. OPUS knows no history: title, unit and working time are those of the file's day.
//   - A row with action="leave" names an employment that is over and says nothing else of it.
//     It becomes an engagement that [source.Engagement.EndsOnly], with the file's day as its
//     last, of a person without a name. Later files repeat it.
//   - An employment that is in one file and in no way in the next was annulled. A file alone
//     does not show that: who compares files has to.
//   - Rows without an entryDate are pensions of civil servants, rows with the position
//     Efterindtægt are paid to the bereaved. Neither is an employment: both are left out.
//   - isManager makes somebody the leader of their own unit. Where two lead a unit at the same
//     time, the one with the lower superiorLevel does, and the other is noted.
//   - userId is a login of OPUS itself and becomes an account of the system opus. It says
//     nothing about who has an account in the directory.
//   - Where the address is protected the person is shielded, and no phone is taken. Nothing
//     else of a home address is read. Extra functions (function) are not read: they tell who
//     is a shop steward, and of which union. The cost centre is not read: most units share it.
package opus
