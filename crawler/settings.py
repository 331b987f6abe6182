"""Scrapy's settings: what a polite, bounded and safe crawl needs, each with its reason.

What belongs to one source (delay, concurrency, timeout, TLS, browser) is set by the spider loader on its spider.
"""

from __future__ import annotations

BOT_NAME = "bureauwatch"
SPIDER_LOADER_CLASS = "crawler.spiderloader.SourceSpiderLoader"  # every source is a spider
COMMANDS_MODULE = "crawler.commands"

# Politeness: what several crawls must share lives in the database (crawler.hosts), not in Scrapy's slots.
ROBOTSTXT_OBEY = True  # by crawler.middlewares.robots, which also honours Crawl-delay; Scrapy's default is off
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # one connection a host unless the source's file allows more
DOWNLOAD_DELAY = 0  # turns are given by crawler.middlewares.politeness, across all processes
AUTOTHROTTLE_ENABLED = False  # it knows one process only
DOWNLOAD_TIMEOUT = (
    30  # seconds for a whole answer, headers and body; the default of 180 lets a dripping host hold a crawl
)
DNS_TIMEOUT = 20

# Hostile answers
DOWNLOAD_VERIFY_CERTIFICATES = True  # Scrapy's default trusts any certificate
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024  # the default of 1 GiB invites memory bombs; also the limit after unpacking
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True  # an answer shorter than announced is an error, not a page
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}  # only the web is crawled
TWISTED_DNS_RESOLVER = "crawler.resolver.GuardedResolver"  # private addresses are refused when connecting
METAREFRESH_ENABLED = False  # columns' refreshes are followed by crawler.columns, with bounds
REFERER_ENABLED = False  # no host is told of another
TELNETCONSOLE_ENABLED = False  # remote Python
REMOTE_CONTROL_ENABLED = False  # remote Python
URLLENGTH_LIMIT = 4096

# Who we are: User-Agent and Accept-Language are set by the spider from the installation's settings.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}

# The queue is the database's frontier; it holds each address once.
SCHEDULER = "crawler.frontier.FrontierScheduler"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
JOBDIR = None  # not safe against kill -9

# Whole lists, in the place of Scrapy's own: what is only switched off there is loaded all the same, with all it needs.
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
}  # no offsite filter: rows may lead to other hosts, politely; no HTTP cache: its policies serve stale copies
DOWNLOADER_MIDDLEWARES = {
    # towards the network: top to bottom; answers pass bottom to top
    "crawler.middlewares.proxy.ProxyMiddleware": 40,
    "crawler.middlewares.addresses.AddressMiddleware": 50,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "crawler.middlewares.headers.SourceHeadersMiddleware": 420,
    "crawler.middlewares.conditional.ConditionalMiddleware": 540,
    "crawler.middlewares.retries.RetryMiddleware": 550,
    "crawler.middlewares.challenges.ChallengeMiddleware": 570,
    "crawler.middlewares.archive.ArchiveMiddleware": 580,  # whole and unpacked, before anything reads it
    "crawler.middlewares.integrity.IntegrityMiddleware": 590,
    "crawler.middlewares.redirects.RedirectMiddleware": 600,
    "crawler.middlewares.cookies.CookieMiddleware": 700,
    "crawler.middlewares.politeness.PolitenessMiddleware": 900,  # last: a turn is used at once
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}  # the spider judges statuses itself and yields no requests
ITEM_PIPELINES = {
    "pipelines.steps.read.ReadStep": 100,
    "pipelines.steps.attachments.AttachmentsStep": 200,
    "pipelines.steps.documents.DocumentsStep": 300,
    "pipelines.steps.indicators.IndicatorsStep": 400,
    "pipelines.steps.store.StoreStep": 500,
}
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 1_000_000  # bytes of pages in the steps at one time: a kill loses their work
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
}  # no remote Python, no feeds; crawler.extensions.progress says in one line what LogStats would
EXTENSIONS = {
    "crawler.extensions.record.CrawlRecord": 100,
    "crawler.extensions.progress.Progress": 200,
}
MEMUSAGE_ENABLED = True
MEMUSAGE_LIMIT_MB = 1024  # a crawl needs 100 to 300; beyond that something is wrong, and the frontier keeps the rest

LOG_LEVEL = "WARNING"
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
STATS_DUMP = False
LOG_SCRAPED_ITEMS = False
WARN_ON_GENERATOR_RETURN_VALUE = False
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"  # a dropped item has told the reason already
