// Package table reads spreadsheets (.xlsx and .csv) in which HR or another system has written who works where. It is
// the register of a municipality without another one, and of what no register has, such as external consultants.
// Template writes a workbook to fill in.
//
// # The sheets
//
// A sheet of people has a row for each employment, and may say of people without one who they are. A sheet
// of units has a row for each unit. Which is which is told by the headings; other sheets are passed over.
// Without a sheet of units, the units are those that the people's rows name, and nothing is said of which lies under which.
//
// # The columns
//
// orgit has a name for each column and a heading in Danish that it expects; the settings of the source
// may say that a spreadsheet has another heading (columns, such as number: "Lønnr."). Names lists them. Columns
// that nobody knows are passed over with a note.
//
// Rows are of one person when they have the same CPR number or the same text in the column person; without either
// each row is a person. A person's ID is the text of the column person, else their lowest employee number, else the
// login; one of them must be there.
//
// # Faults
//
// A spreadsheet is taken whole or not at all: with a [Fault] in any cell, there is no extract, but a
// [FaultError] with all of them, in Danish and with the cell's name. What can be left out without a
// consequence for anybody's employment, such as a phone number that cannot be called, is a note. A CPR number stands in
// the CPR column; where any other cell that is read holds what looks like one, nothing else is said of the file.
//
// A file that was cut cannot be told from one with fewer rows where it is .csv; an .xlsx file that is cut cannot be opened.
package table
