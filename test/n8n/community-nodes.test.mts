import { describeCommunityNodes } from './community-nodes.mts';

describeCommunityNodes('newest');
