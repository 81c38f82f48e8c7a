# Every sentence a member or an admin reads, in English. The other languages have the same entries.

## Commands, as Discord lists them: names in lower case without spaces, descriptions up to 100 characters.

command-ask-name = ask
command-ask-description = Ask the news: the answer is quoted from an article, with its source
option-question-name = question
option-question-description = What you want to know, in a sentence
option-private-name = private
option-private-description = Only you see the answer

## The reply

reply-question = You asked: { $question }
reply-match-strong = **Strong match** with your question
reply-match-weak = **Weak match** with your question. Read the article before you rely on it.
reply-before = The sentence before: { $sentence }
reply-citation = **{ $number }** { $source }: { $article }
reply-citation-dated = **{ $number }** { $source }: { $article }, { $date }
reply-date-fresh = { $date } ({ $relative })
reply-emphasis = Quoted word for word. Bold was added by the bot.
reply-exact = Quoted word for word.
reply-omitted = { $count ->
    [one] One more quote did not fit here.
   *[other] { $count } more quotes did not fit here.
}
reply-demonstration = **Demonstration** with made-up articles
reply-uncalibrated = How well it matches was measured for another model, so take “strong” and “weak” with caution.

## Nothing found

nothing-found = **Not in my sources.** I found nothing about this in { $articles ->
    [one] one article.
   *[other] { $articles } articles.
}
nothing-found-since = **Not in my sources.** I found nothing about this in { $articles ->
    [one] one article
   *[other] { $articles } articles
} since { $date }.
nothing-indexed = **Not in my sources.** I have no articles to search yet.
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
error-setup = I cannot search at the moment: something about my set-up needs my operator, who has been told in the log.
error-disk = I cannot search at the moment: my disk is full. My operator has been told in the log.
error-busy = Too many questions are waiting right now. Please ask again in a minute.
error-stopping = I am restarting. Please ask again in a minute.
error-bug = Something went wrong on my side, and I could not answer. My operator finds it in the log as { $request }.
