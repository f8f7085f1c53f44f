// Package propose makes typed changes: somebody is hired, moves, leaves; a unit is renamed, merged, closed; a leader is
// appointed. Each becomes edits of the CUE files that say it in as few lines as it takes (see package edit), and what was
// proposed is what org/change then finds between the files before and after.
//
// # Changes and corrections
//
// A change holds from a day on and is written as an amendment (on) or a new period. A correction (rettelse) says that it
// always was so, and edits the value where it stands: that of the amendment which is in force on the day, or the base. Of a
// thing's first day there is nothing to amend before, so a change from that day on is a correction too.
//
// # What is checked here
//
// Only what the edit itself needs: that the person, engagement or unit exists, that it is clear which engagement is meant,
// and that days lie inside the time of what they are about. Whether the result is a valid organisation is for org.Load and
// Check to say, on the edited files.
package propose
