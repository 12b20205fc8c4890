"""What a project gets that follows the manuals: Haystack, its Whoosh engine, and jieba's ChineseAnalyzer."""
