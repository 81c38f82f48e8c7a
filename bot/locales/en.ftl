# Every sentence a member or an admin reads, in English. The other languages have the same entries.

## Commands, as Discord lists them: names in lower case without spaces, descriptions up to 100 characters.

command-ask-name = ask
command-ask-description = Ask the news: the answer is quoted from an article, with its source
option-question-name = question
option-question-description = What you want to know, in a sentence
option-private-name = private
option-private-description = Only you see the answer
option-source-name = source
option-source-description = Only articles of this source
option-since-name = since
option-since-description = Only articles from this day on, such as 2026-01-31 or last week
option-until-name = until
option-until-description = Only articles up to this day, such as 2026-01-31 or yesterday
menu-check = Check against the news

## The reply

reply-question = You asked: { $question }
reply-understood = Understood as: { $question }
reply-newest = **The newest articles**, by how they open. Ask about one of them for more.
reply-match-strong = **Strong match** with your question
reply-match-fair = **Fair match** with your question. Check the article where it matters.
reply-match-weak = **Weak match** with your question. Read the article before you rely on it.
reply-as-of = **As of { $date }.** It may be different today.
reply-undated = **No date:** the first article states none, so it may be of another time than you mean.
reply-outside = **Another time:** the first article is of { $date }, not of the time that you ask about.
notice-language = My search model does not read the language of this question, so I may miss what answers it.
notice-article-language = My search model does not read the language of this article, so I may miss what answers in it and in others of its language.
notice-time = I did not understand which time is meant: { $words }.
reply-before = Before it: { $sentence }
reply-citation = **{ $number }** { $source }: { $article }
reply-citation-dated = **{ $number }** { $source }: { $article }, { $date }
reply-source-kind = { $source } ({ $kind })
reply-speaker = Said by { $speaker }:
reply-date-fresh = { $date } ({ $relative })
reply-emphasis = Quoted word for word. Bold was added by the bot.
reply-exact = Quoted word for word.
reply-demonstration = **Demonstration** with made-up articles
reply-uncalibrated = How well it matches is uncalibrated for this model, so take “strong”, “fair” and “weak” with caution.
reply-outlets = { $count } independent outlets say so: { $outlets }. Copies of one text, and outlets of one owner, count once.
dispute-number = **Outlets differ on a number:** { $one } says “{ $ours }”, { $other } says “{ $theirs }”:
dispute-date = **Outlets differ on a date:** { $one } says “{ $ours }”, { $other } says “{ $theirs }”:
dispute-time = **Outlets differ on a time:** { $one } says “{ $ours }”, { $other } says “{ $theirs }”:
dispute-named = **Outlets differ on a name:** { $one } says “{ $ours }”, { $other } says “{ $theirs }”:

page = Page { $number } of { $count }

## The buttons under a reply, and what they show

button-context = More context
button-sources = More sources
button-follow = Follow up
button-helpful = Helpful
button-unhelpful = Not helpful
button-wrong = Wrong quote
button-reason = Say why
button-previous = Previous
button-next = Next
context-title = **Around quote { $number }**
context-part = The source allows no more than this. The article has the rest.
context-gone = Quote { $number } may no longer be shown: its article was changed or withdrawn.
sources-title = **More sources** for: { $question }
sources-title-forgotten = **More sources**
sources-caution = Further matches, less likely to answer. Quoted word for word.
sources-none = I found no other article on this.
verdict-helpful = Noted: **helpful**. Thank you. Press another button to change it.
verdict-unhelpful = Noted: **not helpful**. Thank you. Press another button to change it.
verdict-wrong = Noted: **wrong quote**. Thank you, my operator can look into it. Press another button to change it.
verdict-closed = I count no more verdicts on this answer: the first ones are so old that I have forgotten who gave them.
verdict-closed-reported = Reported to my operator. Thank you. As a verdict it does not count any more: the first verdicts on this answer are so old that I have forgotten who gave them.
verdict-reason = Noted, with your reason. Thank you.
reason-title = Why?
reason-label = In your words, up to { $limit } characters
follow-title = Follow up
follow-label = Your question about this answer
button-unknown = This answer is no longer in my log, so its buttons do nothing any more. Please ask again.
button-retired = This button does nothing any more. Please ask again.

## Nothing found

nothing-found = **Not in my sources.** I found nothing about this in { $articles ->
    [one] one article.
   *[other] { $articles } articles.
}
nothing-found-since = **Not in my sources.** I found nothing about this in { $articles ->
    [one] one article
   *[other] { $articles } articles
} since { $date }.
nothing-indexed = **Not in my sources.** I have no articles of the time and the sources that were asked for.
nothing-nearest = The nearest article to read:
nearest = { $source }: { $article }
nearest-dated = { $source }: { $article }, { $date }
untitled = untitled article

## When it cannot answer

howto = Ask me about the news in one sentence, for example: { $mention } why was the ferry cancelled? I answer with the words of an article and its source. { $command } works anywhere and can be private.
howto-direct = Ask me about the news in one sentence. I answer with the words of an article and its source.
question-long = That question is too long for me: it has { $length } characters, and I can read { $limit }. Please ask it in one shorter sentence.
question-empty = I could not find a question in that. Ask me about the news in one sentence.
error-index = I have nothing to search at the moment: my index of articles is missing or still being built. Please try again in a few minutes.
error-setup = I cannot do that at the moment: something about my set-up needs my operator, who has been told in the log.
error-disk = I cannot do that at the moment: my disk is full. My operator has been told in the log.
error-log = My log cannot be used at the moment, and this needs it. Please try again in a few minutes.
error-busy = Too many questions are waiting right now. Please ask again in a minute.
error-stopping = I am restarting. Please ask again in a minute.
error-bug = Something went wrong on my side, and I could not answer. My operator finds it in the log as { $request }.
limit-member = You ask faster than I can look things up for everybody. Please ask again in { $seconds ->
    [one] one second.
   *[other] { $seconds } seconds.
}
limit-acts = You are faster than I can serve everybody. Please try again in { $seconds ->
    [one] one second.
   *[other] { $seconds } seconds.
}
limit-guild = This server asks faster than I can look things up for all servers. Please ask again in { $seconds ->
    [one] one second.
   *[other] { $seconds } seconds.
}
elsewhere = I answer questions here: { $channels }. In this channel the admins asked me not to.
elsewhere-nowhere = The admins of this server asked me not to answer in this channel.
source-unknown = I do not read a source called “{ $source }” here. Start typing its name and pick one from the list.
date-unknown = I do not understand “{ $text }” as a day. Write it as 2026-01-31, 2026-01, yesterday or last week.
date-order = The time you gave ends before it begins, so there is nothing to search.
permission-missing = I could not answer you in { $channel }, because I lack this there: { $permissions }. Please tell an admin of the server. You can also ask me here.
permission-view = View Channel
permission-send = Send Messages
permission-send-threads = Send Messages in Threads
permission-history = Read Message History
permission-attach = Attach Files
permission-files = I cannot send you the file here, because I lack this in this channel: { $permission }. Please tell an admin of the server, or use the command in another channel.
thread-here = The answer stands in the thread: { $thread }

## Browsing

command-latest-name = latest
command-latest-description = The newest articles, of one source or on one topic if you like
option-topic-name = topic
option-topic-description = Only articles of the sources on this topic
command-sources-name = sources
command-sources-description = Which sources I read, with their newest article and how they fare
command-article-name = article
command-article-description = One article: what its source allows me to show, its revisions and corrections
option-article-name = article
option-article-description = The number of a quote in the last answer here, or words of a title
latest-title = **Newest articles**, { $count } in all
latest-title-source = **Newest articles** by { $source }, { $count } in all
latest-title-topic = **Newest articles** on { $topic }, { $count } in all
latest-none = There is no article here yet.
latest-hint = { $command } shows one of them, with its revisions.
latest-more = { $count ->
    [one] and one more on this
   *[other] and { $count } more on this
}
latest-one-filter = Please choose a source or a topic, not both.
topic-unknown = I have no sources on “{ $topic }” here. Start typing a topic and pick one from the list.
filter-gone = This list is of something that I no longer read here.
article-by = { $source }
article-by-dated = { $source }, { $date }
article-changed = { $count ->
    [one] changed once
   *[other] changed { $count } times
}
article-no-quote = The source allows no quotation of this article. Please read it there.
article-opening = Its beginning, word for word. The article has the rest.
article-around = The quote in bold, with as much around it as the source allows. The article has the rest.
article-unknown = I find no such article here. Start typing its title and pick it from the list, or give the number of a quote in the last answer.
kind-opinion = opinion
kind-sponsored = sponsored
kind-satire = satire
kind-live = live
editions-one = Unchanged since { $date }, as far as I have seen.
editions-title = **{ $count ->
    [one] One revision
   *[other] { $count } revisions
}**
edition = **{ $number }** { $date }
edition-first = **1** { $date }, the first
editions-earlier = { $count ->
    [one] and one earlier
   *[other] and { $count } earlier
}
sources-list-title = **{ $sources ->
    [one] One source
   *[other] { $sources } sources
}** with { $articles ->
    [one] one article
   *[other] { $articles } articles
}
sources-list-none = I read no sources here yet.
sources-list-entry = **{ $source }**: { $articles ->
    [0] no articles yet
    [one] one article
   *[other] { $articles } articles
}
sources-list-newest = Newest: { $article }
sources-list-newest-dated = Newest: { $article }, { $date }
sources-list-topics = { $topics }
health-good = Fine
health-partly = Fine but for some of its articles
health-waiting = Waiting: its host asked to be left alone for a while
health-failing = Cannot be read at the moment
health-unread = Not read yet
health-paused = Paused: nothing new is read
health-dropped = Kept, but nothing new is read
health-checked = checked { $relative }

## For admins: set-up

admin-only = Only members who may manage this server can do this.
owner-only = Only my owner, or those my operator named, can do this.
command-setup-name = setup
command-setup-description = How I behave in this server: channels, sources, threads, language, confidence
language-itself = English
setup-title = How I behave in this server
setup-how = What you pick holds at once.
setup-lacking = In { $channels } I cannot read or write: I need View Channel, Send Messages and Read Message History there.
setup-lacking-threads = In { $channels } I cannot open threads: I need Create Public Threads and Send Messages in Threads there.
setup-channels-all = **Channels**: I answer everywhere. Pick some to answer only there.
setup-channels = **Channels**: I answer only in these. Empty the menu to answer everywhere.
setup-threads = **Threads**: in these channels a long exchange moves to a thread.
setup-answer-all = **Every question**: in these channels I answer questions without a mention.
setup-sources-all = **Sources**: I quote all of them, those added later too. Pick some to quote only those.
setup-sources = **Sources**: I quote only { $sources }. Empty the menu to quote all.
setup-sources-none = **Sources**: there are none to choose among yet.
setup-sources-more = { $count } more sources do not fit here.
setup-language = **Language** of the replies that everybody sees.
setup-language-default = Each member’s own
setup-threshold = **Confidence** from which I answer. The higher, the fewer answers and the fewer wrong ones.
setup-threshold-default = As my operator set it
setup-threshold-percent = From { $percent } %
setup-reset = Reset all of this

## For owners: reindex and sources

command-reindex-name = reindex
command-reindex-description = For my owner: read all sources now and build the index
button-cancel = Cancel
reindex-title = **Reindex**, asked for by { $member } { $since }
reindex-title-ended = **Reindex**, asked for by { $member } on { $since }
reindex-starting = Starting.
reindex-stage-read = Reading files
reindex-stage-fetch = Reading sources
reindex-stage-prepare = Preparing the model
reindex-stage-embed = Embedding passages
reindex-stage-keywords = Collecting words
reindex-stage-publish = Publishing
reindex-stage-other = Working
reindex-step = { $stage }: { $done } of { $total }, { $percent } %
reindex-step-open = { $stage }
reindex-published = Done: a new index is published.
reindex-unchanged = Done: nothing changed, the index stays.
reindex-index = It has { $passages } passages of { $articles } articles.
reindex-counts = New { $new }, changed { $changed }, unchanged { $unchanged }, withdrawn { $withdrawn }, not read { $failed }
reindex-took = It took { $minutes } min { $seconds } s.
reindex-nothing = Nothing could be read. The index stays as it was; my log has the reasons.
reindex-busy = A reindex is at work already.
reindex-busy-process = It runs elsewhere: { $holder }
reindex-failed = It failed, and the index stays as it was. My log has the reason.
reindex-cancelled = Cancelled by { $member }. The index stays as it was.
reindex-stopped = Stopped, because I am restarting. The index stays as it was.
reindex-over = That reindex is over.
reindex-here = Here:
reindex-elsewhere = In another place:
command-source-name = source
command-source-description = For my owner: what I read
command-source-add-name = add
command-source-add-description = Find what a site offers to read, and read it from now on
command-source-remove-name = remove
command-source-remove-description = Read a source no more; its articles stay and may be quoted
command-source-pause-name = pause
command-source-pause-description = Read nothing new of a source for now, or go on
command-source-test-name = test
command-source-test-description = Show what would be read of a site; nothing is kept
option-url-name = address
option-url-description = The site, a section of it, a feed or a sitemap
option-outlet-name = name
option-outlet-description = The outlet’s name as members see it
option-topics-name = topics
option-topics-description = Words to filter by, separated by commas
option-language-name = language
option-language-description = A language tag, such as en or de
option-known-name = source
option-known-description = One of my sources
option-resume-name = resume
option-resume-description = Go on reading it
source-would-read = **This is what I would read.** Nothing of it is kept.
source-nothing = At { $url } I found no feed and no sitemap. If you know the address of one, give me that.
source-there = I read that already, as { $source }.
source-added = **{ $source } is among my sources now.** { $command } reads it at once; admins choose in their set-up whether to quote it.
source-removed = { $source } is no longer among my sources. Its articles stay and may be quoted.
source-paused = { $source } is paused: nothing new is read. Its articles may be quoted.
source-resumed = { $source } is read again.
source-failed = That did not work:
source-found = **{ $source }** ({ $kind }): { $count ->
    [one] one article
   *[other] { $count } articles
}
source-kind-feed = feed
source-kind-sitemap = sitemap
source-not-taken = Not taken: { $reason }
source-others = The site also offers:

## For admins: the log

command-stats-name = stats
command-stats-description = Questions, answers and what was not found, in the channels you can see
option-days-name = period
option-days-description = How far back
period-week = 7 days
period-month = 30 days
period-quarter = 90 days
command-export-name = export
command-export-description = The log of this server as a file, of the channels you can see
option-format-name = format
option-format-description = CSV for spreadsheets, JSON for programs
format-csv = CSV
format-json = JSON
stats-title = Questions of the last { $days } days
stats-questions = { $questions ->
    [one] One question
   *[other] { $questions } questions
}, { $answered } answered ({ $percent } %)
stats-helpful = { $judged ->
    [one] One verdict
   *[other] { $judged } verdicts
}, { $helpful } helpful ({ $percent } %)
stats-no-verdicts = No member has judged an answer yet.
stats-none = Nothing was asked in the last { $days } days in the channels you can see.
stats-answered-short = answered
stats-unanswered-short = not answered
stats-alt = Bar chart of questions over time from { $first } to { $last }: { $questions } asked, { $answered } answered; most at { $when } with { $most }.
stats-topics = Not answered, by topic
stats-topic = **{ $words }**: { $count }, such as “{ $example }”
stats-topic-other = others: { $count }, such as “{ $example }”
stats-what = Without direct messages, private replies and channels you cannot see. Days are those of UTC.
export-none = There is nothing in the log of the channels you can see.
export-rows = { $rows ->
    [one] One row
   *[other] { $rows } rows
}, the newest first.
export-newest = The newest { $rows } of { $total } rows: more do not fit into a message.
export-what = Without direct messages, private replies and channels you cannot see, and without who asked.

## Members' rights

command-privacy-name = privacy
command-privacy-description = What I keep about you: see it, take it with you, delete it
command-privacy-show-name = show
command-privacy-show-description = What I keep about you, and for how long
command-privacy-export-name = export
command-privacy-export-description = All that I keep about you, as a file
command-privacy-delete-name = delete
command-privacy-delete-description = Delete all that I keep about you
privacy-title = What I keep about you
privacy-nothing = Nothing: no question, no verdict, no setting.
privacy-questions = { $count ->
    [one] One question with its answer, from { $oldest }
   *[other] { $count } questions with their answers, the oldest from { $oldest }
}
privacy-verdicts = { $count ->
    [one] One verdict on an answer
   *[other] { $count } verdicts on answers
}, { $reasons ->
    [0] without a reason in your words
    [one] one with a reason in your words
   *[other] { $reasons } with a reason in your words
}
privacy-acts = { $count ->
    [one] One note of what you did as an admin or owner
   *[other] { $count } notes of what you did as an admin or owner
}
privacy-notices = { $count ->
    [one] One wish to be told something later
   *[other] { $count } wishes to be told something later
}
privacy-rules = I forget your words and who asked after { $days ->
    [one] one day
   *[other] { $days } days
}. If you delete the message with a question, I forget its words at once. I keep no settings of yours.
privacy-key = You are in my log under a key that only this installation can make from your Discord id, not under your name.
privacy-how = Nothing of yours is used to train or tune anything, and nothing is passed on.
privacy-link = My operator’s privacy text: { $url }
privacy-export = All that I keep about you, as it stands in my log. Only you see this.
privacy-delete-title = Delete all that I keep about you?
privacy-delete-what =
    Gone at once and for good: your words, your key, your verdicts and reasons, what you follow and want to be told.
    What stays: the day, the server and channel, how sure I was, and the quotes from articles, without anything that leads to you.
    In Discord the messages stay: they are yours and your server’s to delete. Buttons under my answers to you stop working.
privacy-delete-button = Delete everything
privacy-deleted = Done. Everything about you is deleted, also in the statistics: what is left there cannot be linked to you. Should my operator restore an old backup, it is deleted there again.

reply-checked = Sources last checked for news { $relative }: newer articles may be missing.

## When an article changes after an answer

amended-banner = **Corrected on { $date }.** { $count ->
    [one] An article quoted here has changed since: see quote { $numbers }.
   *[other] Articles quoted here have changed since: see quotes { $numbers }.
}
amended-banner-withdrawn = **Corrected on { $date }.** { $count ->
    [one] An article quoted here was withdrawn since: see quote { $numbers }.
   *[other] Articles quoted here were withdrawn since: see quotes { $numbers }.
}
amended-banner-differing = **Corrected on { $date }.** What another outlet says otherwise has changed since: see where outlets differ.
amended-banner-removed = **Something quoted here was removed on request.** It is not shown any more.
amended-now = **The article now says:**
amended-gone = **The article no longer says this.**
amended-changed = **The article now says otherwise.** Read it before you rely on this.
amended-dropped = **No longer on the page.** It goes on without this entry.
amended-withdrawn = **The article was withdrawn**, or another text stands in its place.
amended-removed = **Removed on request.**
amended-note = It says about the change: { $note }
reply-fixed = I cannot edit a reply like this one later. If an article in it changes, { $command } tells you.
command-corrections-name = corrections
command-corrections-description = Which answers to you were corrected since, because their articles changed
corrections-title = **Corrected answers**, { $count } in all
corrections-none = **No answer to you had to be corrected.** I compare every quote with its article after each change.
corrections-entry = **{ $question }** ({ $date })
corrections-forgotten = A question that I forgot
corrections-open = Open the answer
corrections-more = And more: see the answer.
corrections-telling = I tell you by direct message when an answer to you is corrected. This wish ends by itself on { $date }.
corrections-not-telling = I do not write to you about corrections. They stand in the answers, and here.
corrections-tell = Tell me by direct message
corrections-stop = Stop telling me
corrections-told = **An answer to you was corrected**, because its article changed:
corrections-how-to-stop = You asked me to tell you. { $command } stops it.

## Following a question

button-watch = Tell me when this changes
command-follow-name = follow
command-follow-description = Be told by direct message when there is something new on a question
command-following-name = following
command-following-description = The questions you follow, each with a button that stops it
option-followed-description = What you want to be told of, as a question
option-here-name = here
option-here-description = Tell this channel, not you; for members who may manage its messages
follow-made = I tell you by direct message when my sources have something new on this, at most one message every few hours. It ends by itself on { $date }.
follow-made-here = I tell this channel when my sources have something new on this, at most one message every few hours. It ends by itself on { $date }.
follow-stop = Stop
follow-told = **New on what you follow:** { $question }
follow-told-once = **New on what you followed**
follow-ended = Stopped. I tell nothing more about this.
follow-not-yours = Only who follows this can stop it, or in a channel who may manage its messages.
follow-not-here = Only members who may manage the messages of a channel can let it be told. Without that option I tell you by direct message.
follow-cannot-post = I cannot write in this channel of my own accord, because I lack this here: { $permissions }. Please tell an admin of the server.
follow-most = You follow { $count } questions already, and that is as many as I take. { $command } stops some.
following-title = { $count ->
    [one] **You follow one question**
   *[other] **You follow { $count } questions**
}
following-none = You follow no question. The button under an answer, or the command for it, begins that.
following-direct = by direct message
following-here = told in a channel
following-unreachable = I could not reach you or the channel, so this rests; follow it again to go on
following-until = until { $date }
following-stop = Stop { $number }
privacy-shown = { $count ->
    [one] One other message with quotes that I showed you, so that I can correct it
   *[other] { $count } other messages with quotes that I showed you, so that I can correct them
}
privacy-follows = { $count ->
    [one] One question that you follow
   *[other] { $count } questions that you follow
}

## How a story unfolded

command-timeline-name = timeline
command-timeline-description = How a story unfolded: a quoted sentence for each day that brought something new
option-matter-description = The story, as a question or in a few words
timeline-title = **How it unfolded:** { $title }
timeline-none = I found no story on this in my sources.
timeline-foot = From { $articles ->
    [one] one article
   *[other] { $articles } articles
}, copies of one text counted once. Quoted word for word, as it was written on that day.
timeline-picture = As a picture
timeline-no-picture = I have no font with the letters of this story, so I cannot draw it.
